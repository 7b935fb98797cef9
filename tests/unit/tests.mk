TEST_MODULE_wire_write := wire
TEST_MODULE_broken := corpus
TEST_MODULE_store_people := store
TEST_MODULE_store_file := store
TEST_MODULE_store_numbers := store
TEST_MODULE_store_faults := store
TEST_LIBS_store_faults := tests/vfs/faulty_vfs.c
TEST_MODULE_walk := dialogue
