package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.spi.Availability;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import io.powernode.dim.spi.ModelLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FakeModel models = new FakeModel();
  private final ModelDescriptor m1 = models.model("m1");
  private final ModelDescriptor m2 = models.model("m2");
  private final ModelDescriptor m3 = models.model("m3");

  @TempDir Path folder;

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private ModelCache cache(int count, long bytes, ModelLoader... loaders) {
    ModelCache cache =
        new ModelCache(
            new ModelStore(folder, 1000), new Loaders(List.of(loaders), Set.of()), count, bytes);
    cache.attach(models);
    return cache;
  }

  private ModelCache cache(int count) {
    return cache(count, 1000, models);
  }

  @Test
  void model_askedForByManyAtOnce_isLoadedOnce() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch loading = new CountDownLatch(1);
    ModelLoader slow =
        loader(
            (descriptor, files) -> {
              loading.countDown();
              go.await();
              return models.load(descriptor, files, LoadOptions.standard());
            });
    ModelCache cache = cache(4, 1000, slow);
    List<Future<Model>> answers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      answers.add(
          threads.submit(
              () -> {
                try (ModelCache.Lease lease = cache.acquire(m1)) {
                  return lease.model();
                }
              }));
    }
    loading.await();
    assertThat(cache.warm()).isEmpty();
    go.countDown();

    Model first = answers.get(0).get();
    for (Future<Model> answer : answers) {
      assertThat(answer.get()).isSameAs(first);
    }
    assertThat(models.loads).hasValue(1);
    assertThat(models.opens).hasValue(1);
    assertThat(cache.warm()).containsExactly("m1");
  }

  @Test
  void model_knownUnderSeveralIds_isOneModel() {
    ModelCache cache = cache(4);
    ModelDescriptor alias = ModelDescriptor.of("alias", m1.artifact(), m1.signature());

    cache.acquire(m1).close();
    cache.acquire(alias).close();

    assertThat(models.loads).hasValue(1);
    assertThat(cache.warm()).containsExactly("alias", "m1");
  }

  /** The loader orders columns by the labels and checks the signature: neither may be another's. */
  @Test
  void model_describedAnew_isLoadedAnewFromTheSameFile() {
    ModelCache cache = cache(4);
    try (ModelCache.Lease first = cache.acquire(m1.withLabels(List.of("no", "yes")));
        ModelCache.Lease second = cache.acquire(m1.withLabels(List.of("yes", "no")))) {
      assertThat(second.model()).isNotSameAs(first.model());
    }
    assertThat(models.loads).hasValue(2);
    assertThat(models.opens).hasValue(1);
  }

  @Test
  void models_thatAreTooMany_goLeastRecentlyUsedFirst() {
    ModelCache cache = cache(2);
    cache.acquire(m1).close();
    cache.acquire(m2).close();
    cache.acquire(m1).close();

    cache.acquire(m3).close();

    assertThat(cache.warm()).containsExactly("m1", "m3");
    assertThat(models.closes).hasValue(1);
  }

  @Test
  void models_thatAreTooLarge_goLeastRecentlyUsedFirst() {
    ModelCache cache = cache(10, 2 * m1.artifact().size(), models);
    List.of(m1, m2, m3).forEach(model -> cache.acquire(model).close());

    assertThat(cache.warm()).containsExactly("m2", "m3");
  }

  @Test
  void models_inUse_areNeverEvicted() {
    ModelCache cache = cache(1);
    ModelCache.Lease first = cache.acquire(m1);
    ModelCache.Lease second = cache.acquire(m2);

    assertThat(cache.warm()).containsExactly("m1", "m2");
    assertThat(models.closes).hasValue(0);
    second.close();
    assertThat(cache.warm()).containsExactly("m1");
    first.close();
    assertThat(cache.warm()).containsExactly("m1");
  }

  @Test
  void cache_whenClosed_waitsForLeasesAndRefusesNewOnes() throws Exception {
    ModelCache cache = cache(4);
    ModelCache.Lease lease = cache.acquire(m1);
    Future<?> closing = threads.submit(close(cache));
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> cache.acquire(m2))
                    .isInstanceOfSatisfying(
                        DimException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE)));

    assertThat(models.closes).hasValue(0);
    assertThat(closing.isDone()).isFalse();
    lease.close();
    closing.get();
    assertThat(models.closes).hasValue(1);
  }

  private static Callable<Void> close(ModelCache cache) {
    return () -> {
      cache.close();
      return null;
    };
  }

  @Test
  void model_thatFailedToLoad_isTriedAgain() {
    List<Throwable> failures =
        new ArrayList<>(
            List.of(
                new UnsatisfiedLinkError("/home/secret/lib.so"),
                new DimException(ErrorCode.MODEL_INVALID, "the graph has a cycle")));
    ModelLoader failing =
        loader(
            (descriptor, files) -> {
              if (!failures.isEmpty()) {
                Throwable failure = failures.remove(0);
                if (failure instanceof Error error) {
                  throw error;
                }
                throw (RuntimeException) failure;
              }
              return models.load(descriptor, files, LoadOptions.standard());
            });
    ModelCache cache = cache(4, 1000, failing);

    assertThatThrownBy(() -> cache.acquire(m1))
        .isInstanceOf(DimException.class)
        .hasMessage("the model could not be loaded");
    assertThatThrownBy(() -> cache.acquire(m1))
        .isInstanceOf(DimException.class)
        .hasMessage("the graph has a cycle");
    cache.acquire(m1).close();
    assertThat(models.opens).hasValue(1);
  }

  @Test
  void formats_ofLoadersThatCannotRun_areRefusedWithTheReason() {
    ModelLoader broken =
        new ModelLoader() {
          @Override
          public Set<String> formats() {
            return Set.of("fake", "rare");
          }

          @Override
          public Availability availability() {
            return Availability.unavailable("install the runtime");
          }

          @Override
          public Model load(ModelDescriptor model, ModelFiles files, LoadOptions options) {
            throw new AssertionError("asked to load");
          }
        };
    ModelCache cache = cache(4, 1000, broken, models);

    assertThat(cache.formats()).containsExactly("fake");
    cache.acquire(m1).close();
    assertThatThrownBy(() -> cache.requireFormat("rare"))
        .hasMessage("the model's format: install the runtime; allowed: [fake]");
    assertThatThrownBy(() -> cache.requireFormat("odd"))
        .hasMessage("the model's format: the node has no loader for it; allowed: [fake]");
  }

  private interface Load {
    Model load(ModelDescriptor model, ModelFiles files) throws InterruptedException;
  }

  private static ModelLoader loader(Load load) {
    return new ModelLoader() {
      @Override
      public Set<String> formats() {
        return Set.of("fake");
      }

      @Override
      public Model load(ModelDescriptor model, ModelFiles files, LoadOptions options) {
        try {
          return load.load(model, files);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    };
  }
}
