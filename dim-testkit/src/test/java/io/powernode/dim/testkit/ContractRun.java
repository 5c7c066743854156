package io.powernode.dim.testkit;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Runs a contract's tests by hand, to see which of them a faulty implementation fails. */
final class ContractRun {
  private ContractRun() {}

  /** The names of the tests that failed, in order. */
  static List<String> failures(Supplier<?> contract) {
    List<String> failed = new ArrayList<>();
    for (Method test : methods(contract.get().getClass(), Test.class)) {
      try {
        runOne(contract.get(), test);
      } catch (TestAbortedException skipped) {
        continue;
      } catch (Throwable fault) {
        failed.add(test.getName());
      }
    }
    return failed;
  }

  private static void runOne(Object instance, Method test) throws Throwable {
    for (Method before : methods(instance.getClass(), BeforeEach.class)) {
      call(instance, before);
    }
    try {
      call(instance, test);
    } finally {
      for (Method after : methods(instance.getClass(), AfterEach.class)) {
        call(instance, after);
      }
    }
  }

  private static void call(Object instance, Method method) throws Throwable {
    try {
      method.setAccessible(true);
      method.invoke(instance);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static List<Method> methods(Class<?> type, Class<? extends Annotation> kind) {
    List<Method> found = new ArrayList<>();
    for (Class<?> at : ancestors(type)) {
      Arrays.stream(at.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(kind))
          .sorted(Comparator.comparing(Method::getName))
          .forEach(found::add);
    }
    return found;
  }

  private static List<Class<?>> ancestors(Class<?> type) {
    List<Class<?>> ancestors = new ArrayList<>();
    for (Class<?> at = type; at != Object.class; at = at.getSuperclass()) {
      ancestors.add(at);
    }
    Collections.reverse(ancestors);
    return ancestors;
  }
}
