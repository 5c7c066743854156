package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Public types and their methods say what they promise; overriding ones inherit the promise. */
class PublicApiDocsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dim-api",
        "dim-json",
        "dim-core",
        "dim-jdbc",
        "dim-patterns",
        "dim-daemon",
        "dim-inference",
        "dim-testkit"
      })
  void publicDeclarations_inPublishedModules_haveJavadoc(String module) throws IOException {
    assertThat(undocumented(projectRoot().resolve(module).resolve("src/main/java"))).isEmpty();
  }

  private static List<String> undocumented(Path sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(sources);
        StandardJavaFileManager manager =
            compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<Path> java = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(java));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new UndocumentedScanner(docs, found).scan(unit, null);
      }
    }
    return found;
  }

  private static Path projectRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("dim-bom"))) {
      directory = directory.getParent();
      assertThat(directory).as("a folder above that holds dim-bom").isNotNull();
    }
    return directory;
  }

  private static final class UndocumentedScanner extends TreePathScanner<Void, Void> {
    private final DocTrees docs;
    private final List<String> found;

    UndocumentedScanner(DocTrees docs, List<String> found) {
      this.docs = docs;
      this.found = found;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (!isPublic(type.getModifiers())) {
        return null;
      }
      check(type.getSimpleName().toString());
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      boolean constructor = method.getReturnType() == null;
      if (isPublic(method.getModifiers()) && !constructor && !overrides(method)) {
        check(method.getName().toString());
      }
      return null;
    }

    private boolean isPublic(ModifiersTree modifiers) {
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      boolean implicitly = parent.getKind() == Tree.Kind.INTERFACE;
      return modifiers.getFlags().contains(Modifier.PUBLIC)
          || modifiers.getFlags().contains(Modifier.PROTECTED)
          || (implicitly && !modifiers.getFlags().contains(Modifier.PRIVATE));
    }

    private static boolean overrides(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }

    private void check(String name) {
      TreePath path = getCurrentPath();
      String comment = docs.getDocComment(path);
      if (comment == null || comment.isBlank()) {
        CompilationUnitTree unit = path.getCompilationUnit();
        long line =
            unit.getLineMap()
                .getLineNumber(docs.getSourcePositions().getStartPosition(unit, path.getLeaf()));
        found.add(Path.of(unit.getSourceFile().getName()).getFileName() + ":" + line + " " + name);
      }
    }
  }
}
