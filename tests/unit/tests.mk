TEST_MODULE_wire_write := wire
TEST_MODULE_broken := corpus
