package io.powernode.dim.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Real threads of which exactly one runs at a time: the one that holds the baton. Whoever holds it
 * keeps it until its work ends or waits for a stage; then it draws what runs next. The driver, the
 * thread outside that lets all this happen, gets the baton back when nothing is ready.
 */
final class SimulatedThreads {
  private static final int STUCK_SECONDS = 60;

  private final RandomGenerator random;
  private final Semaphore driver = new Semaphore(0);
  private final List<Step> ready = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();
  private final Deque<Worker> idle = new ArrayDeque<>();
  private Optional<Throwable> failure = Optional.empty();
  private BooleanSupplier onIdle = () -> false;
  private volatile boolean ending;

  SimulatedThreads(RandomGenerator random) {
    this.random = random;
  }

  /** Something that could run next: new work, or a thread whose stage completed. */
  private sealed interface Step {
    record Fresh(Runnable work) implements Step {}

    record Resume(Worker worker) implements Step {}
  }

  boolean isEnding() {
    return ending;
  }

  void add(Runnable work) {
    addStep(new Step.Fresh(work));
  }

  /** Foreign threads may complete stages, though a simulation that lets them is not repeatable. */
  private void addStep(Step step) {
    synchronized (ready) {
      ready.add(step);
    }
  }

  /** The next step; when there is none, whoever holds the baton asks for more. */
  private Optional<Step> draw() {
    Optional<Step> step = drawReady();
    while (step.isEmpty() && !ending && failure.isEmpty() && isMoreToDo()) {
      step = drawReady();
    }
    return step;
  }

  private Optional<Step> drawReady() {
    synchronized (ready) {
      if (ready.isEmpty() || ending) {
        return Optional.empty();
      }
      int last = ready.size() - 1;
      int drawn = last == 0 ? 0 : random.nextInt(ready.size());
      Step step = ready.get(drawn);
      ready.set(drawn, ready.get(last));
      ready.remove(last);
      return Optional.of(step);
    }
  }

  private boolean isMoreToDo() {
    try {
      return onIdle.getAsBoolean();
    } catch (RuntimeException | Error e) {
      fail(e);
      return false;
    }
  }

  private void fail(Throwable e) {
    failure.ifPresent(e::addSuppressed);
    failure = Optional.of(e);
  }

  boolean isOutside() {
    return !(Thread.currentThread() instanceof Worker worker && worker.belongsTo(this));
  }

  /**
   * Runs until nothing is ready.
   *
   * @param more called whenever nothing is ready, on whatever thread holds the baton: makes
   *     something ready, or says that it is enough
   */
  void drain(BooleanSupplier more) {
    if (!isOutside()) {
      throw new IllegalStateException("a simulated thread cannot drive the simulation");
    }
    onIdle = more;
    Optional<Step> first = draw();
    if (first.isPresent()) {
      hand(first.get());
      takeBack();
    }
    if (failure.isPresent()) {
      Throwable cause = failure.get();
      failure = Optional.empty();
      throw new IllegalStateException("simulated work failed", cause);
    }
  }

  /** Waits on a simulated thread until the stage completes. */
  void park(CompletionStage<?> stage) throws InterruptedException {
    ((Worker) Thread.currentThread()).park(stage);
  }

  /** The calling thread may wait with locks from now on: it stops in the middle of something. */
  void keepLocks() {
    ((Worker) Thread.currentThread()).keepsLocks = true;
  }

  private void hand(Step step) {
    if (step instanceof Step.Resume resume) {
      resume.worker.baton.release();
      return;
    }
    Worker worker = idle.isEmpty() ? start() : idle.pop();
    worker.work = ((Step.Fresh) step).work();
    worker.baton.release();
  }

  private Worker start() {
    Worker worker = new Worker(workers.size() + 1);
    workers.add(worker);
    worker.start();
    return worker;
  }

  private void handOrReturn(Optional<Step> next) {
    next.ifPresentOrElse(this::hand, driver::release);
  }

  private void takeBack() {
    try {
      if (!driver.tryAcquire(STUCK_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a simulated thread blocks outside await: " + running());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the simulation ran", e);
    }
  }

  private List<String> running() {
    return workers.stream()
        .filter(worker -> !worker.parked && !idle.contains(worker))
        .map(worker -> Arrays.toString(worker.getStackTrace()))
        .toList();
  }

  /** Where each waiting thread waits. */
  List<String> parked() {
    return workers.stream().filter(worker -> worker.parked).map(Worker::place).toList();
  }

  /**
   * Interrupts the waiting threads, one after the other, and ends all of them: first those whose
   * locks the others may want in order to end.
   */
  void end() {
    if (!isOutside()) {
      throw new IllegalStateException("a simulated thread cannot end the simulation");
    }
    ending = true;
    List<Worker> order = new ArrayList<>(workers);
    order.sort(Comparator.comparing(worker -> !worker.keepsLocks));
    for (Worker worker : order) {
      worker.baton.release();
      if (!idle.contains(worker)) {
        takeBack();
      }
    }
  }

  private final class Worker extends Thread {
    private final Semaphore baton = new Semaphore(0);
    private Runnable work = () -> {};
    private volatile boolean parked;
    private volatile boolean keepsLocks;

    Worker(int number) {
      super("simulated-" + number);
      setDaemon(true);
    }

    boolean belongsTo(SimulatedThreads threads) {
      return SimulatedThreads.this == threads;
    }

    @Override
    public void run() {
      baton.acquireUninterruptibly();
      while (!ending) {
        runGuarded(work);
        Optional<Step> next = draw();
        if (ending) {
          driver.release();
        } else if (next.isPresent() && next.get() instanceof Step.Fresh fresh) {
          work = fresh.work();
        } else {
          idle.push(this);
          handOrReturn(next);
          baton.acquireUninterruptibly();
        }
      }
    }

    private void runGuarded(Runnable next) {
      try {
        next.run();
      } catch (Throwable e) {
        fail(e);
      }
    }

    void park(CompletionStage<?> stage) throws InterruptedException {
      if (!ending) {
        stage.whenComplete((value, error) -> addStep(new Step.Resume(this)));
        parked = true;
        handOrReturn(draw());
        baton.acquireUninterruptibly();
        parked = false;
      }
      if (ending) {
        throw new InterruptedException("the simulation ended");
      }
    }

    private static boolean isWait(StackTraceElement frame) {
      return frame.getClassName().equals(SimulatedEnvironment.class.getName())
          || frame.getClassName().equals(SimulatedProcess.class.getName());
    }

    String place() {
      return Arrays.stream(getStackTrace())
          .dropWhile(frame -> !isWait(frame))
          .dropWhile(frame -> isWait(frame))
          .findFirst()
          .map(StackTraceElement::toString)
          .orElse(getName());
    }
  }
}
