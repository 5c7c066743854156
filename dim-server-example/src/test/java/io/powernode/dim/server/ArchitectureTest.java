package io.powernode.dim.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.Map;
import java.util.Set;

/**
 * What the poms cannot say about the module graph. The rules live here because this module is the
 * one that has all others on its class path.
 */
@AnalyzeClasses(
    packages = "io.powernode.dim",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {

  /** Leaves out what one module's tests lend to another's. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  /** A third-party library's packages, and the only packages whose code may name them. */
  private static final Map<String, String[]> HOMES =
      Map.ofEntries(
          Map.entry("com.fasterxml.jackson..", packagesOf("json")),
          Map.entry("ai.onnxruntime..", packagesOf("inference")),
          Map.entry("ai.djl..", packagesOf("inference")),
          Map.entry("de.siegmar.fastcsv..", packagesOf("daemon")),
          Map.entry("com.zaxxer.hikari..", packagesOf("jdbc")),
          Map.entry("org.flywaydb..", packagesOf("jdbc")),
          Map.entry("org.slf4j..", packagesOf("core", "jdbc", "daemon", "server")),
          Map.entry("ch.qos.logback..", packagesOf("server")),
          Map.entry("picocli..", packagesOf("server")),
          Map.entry("org.junit..", packagesOf("testkit")),
          Map.entry("org.assertj..", packagesOf("testkit")));

  /** Calls that read the machine's clock or randomness, or start threads. */
  private static final Map<String, Set<String>> AMBIENT =
      Map.ofEntries(
          Map.entry("java.lang.System", Set.of("nanoTime", "currentTimeMillis")),
          Map.entry("java.lang.Math", Set.of("random")),
          Map.entry("java.lang.Thread", Set.of("<init>", "sleep", "ofVirtual", "ofPlatform")),
          Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep")),
          Map.entry("java.util.concurrent.locks.LockSupport", Set.of("parkNanos", "parkUntil")),
          Map.entry("java.time.Instant", Set.of("now")),
          Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system")),
          Map.entry("java.time.InstantSource", Set.of("system")),
          Map.entry("java.time.LocalDate", Set.of("now")),
          Map.entry("java.time.LocalDateTime", Set.of("now")),
          Map.entry("java.time.OffsetDateTime", Set.of("now")),
          Map.entry("java.time.ZonedDateTime", Set.of("now")),
          Map.entry("java.util.UUID", Set.of("randomUUID")),
          Map.entry("java.util.Timer", Set.of("<init>")),
          Map.entry("java.security.SecureRandom", Set.of("<init>")),
          Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
          Map.entry("java.util.concurrent.ForkJoinPool", Set.of("<init>", "commonPool")),
          Map.entry("java.util.concurrent.ThreadPoolExecutor", Set.of("<init>")),
          Map.entry("java.util.concurrent.ScheduledThreadPoolExecutor", Set.of("<init>")),
          Map.entry("java.util.random.RandomGenerator", Set.of("getDefault", "of")),
          Map.entry(
              "java.util.concurrent.CompletableFuture",
              Set.of("orTimeout", "completeOnTimeout", "delayedExecutor")),
          Map.entry(
              "java.util.concurrent.Executors",
              Set.of(
                  "newCachedThreadPool",
                  "newFixedThreadPool",
                  "newScheduledThreadPool",
                  "newSingleThreadExecutor",
                  "newSingleThreadScheduledExecutor",
                  "newVirtualThreadPerTaskExecutor",
                  "newWorkStealingPool",
                  "defaultThreadFactory")));

  /** The same, where only one of several overloads does so. */
  private static final Set<String> AMBIENT_OVERLOADS =
      Set.of(
          "java.util.Random.<init>()",
          "java.util.concurrent.CompletableFuture.runAsync(java.lang.Runnable)",
          "java.util.concurrent.CompletableFuture.supplyAsync(java.util.function.Supplier)");

  @ArchTest
  static final ArchRule packages_always_formNoCycle =
      slices().matching("io.powernode.dim.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule apiValues_always_doNotKnowTheExtensionPoints =
      noClasses()
          .that()
          .resideInAPackage("io.powernode.dim.api..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.powernode.dim.spi..");

  @ArchTest
  static final ArchRule apiSignatures_always_nameOnlyTheJdkAndDim =
      classes()
          .that()
          .resideInAnyPackage("io.powernode.dim.api..", "io.powernode.dim.spi..")
          .should(
              new NameOnlyInSignatures(
                  resideInAnyPackage(
                      "java..",
                      "org.jspecify..",
                      "io.powernode.dim.api..",
                      "io.powernode.dim.spi..")));

  @ArchTest
  static final ArchRule patterns_always_useOnlyThePublicApi =
      classes()
          .that()
          .resideInAPackage("io.powernode.dim.patterns..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "io.powernode.dim.api..",
              "io.powernode.dim.spi..",
              "io.powernode.dim.patterns..");

  @ArchTest
  static final ArchRule internalPackages_always_stayInTheirModule =
      classes().should(new StayOutOfForeignInternals());

  @ArchTest
  static final ArchRule clockRandomnessAndThreads_always_areInjected =
      noClasses()
          .that(
              resideInAnyPackage(
                      packagesOf(
                          "api", "spi", "json", "core", "jdbc", "patterns", "daemon", "inference"))
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage(packagesOf("spi"))
                              .and(simpleName("SystemEnvironment")))))
          .should()
          .accessTargetWhere(
              describe("it is ambient time, randomness or thread creation", a -> isAmbient(a)));

  @ArchTest
  static final ArchRule thirdPartyLibraries_always_stayInTheirHome =
      CompositeArchRule.of(
          HOMES.entrySet().stream()
              .map(home -> onlyAtHome(home.getKey(), home.getValue()))
              .toList());

  private static ArchRule onlyAtHome(String library, String[] home) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(home)
        .should()
        .dependOnClassesThat(resideInAPackage(library));
  }

  private static boolean isAmbient(JavaAccess<?> access) {
    String signature = access.getTarget().getFullName();
    boolean listed =
        AMBIENT
            .getOrDefault(access.getTargetOwner().getName(), Set.of())
            .contains(access.getTarget().getName());
    return (listed && !signature.endsWith("(java.time.Clock)"))
        || AMBIENT_OVERLOADS.contains(signature);
  }

  private static String[] packagesOf(String... modules) {
    String[] packages = new String[modules.length];
    for (int i = 0; i < modules.length; i++) {
      packages[i] = "io.powernode.dim." + modules[i] + "..";
    }
    return packages;
  }
}
