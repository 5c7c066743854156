package io.powernode.dim.patterns;

class OrchestratedRowsTest extends OrchestratedRows {}
