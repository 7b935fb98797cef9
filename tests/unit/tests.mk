TEST_MODULE_wire_write := wire
