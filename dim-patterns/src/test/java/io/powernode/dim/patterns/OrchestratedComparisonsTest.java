package io.powernode.dim.patterns;

class OrchestratedComparisonsTest extends OrchestratedComparisons {}
