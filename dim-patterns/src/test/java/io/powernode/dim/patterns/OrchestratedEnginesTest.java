package io.powernode.dim.patterns;

class OrchestratedEnginesTest extends OrchestratedEngines {}
