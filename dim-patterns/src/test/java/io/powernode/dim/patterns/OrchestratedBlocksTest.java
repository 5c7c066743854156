package io.powernode.dim.patterns;

class OrchestratedBlocksTest extends OrchestratedBlocks {}
