package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say of the code is what the code says. */
class DocumentsTest {
  private static final Pattern SNIPPET =
      Pattern.compile("<!-- (\\S+\\.java) -->\\n```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ERROR = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| (yes|no) \\| \\S");
  private static final Pattern TABLE = Pattern.compile("CREATE TABLE (\\w+)");
  private static final Pattern PROMISE = Pattern.compile("(?m)^\\| (\\d+) \\| ([^|]+\\.) \\| \\S");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
  private static final String MARK = "// README";

  @Test
  void readme_snippets_areTheExamplesThatTheBuildCompiles() throws IOException {
    String readme = Files.readString(ProjectFiles.root().resolve("README.md"));
    List<String> sources = new ArrayList<>();
    Matcher snippet = SNIPPET.matcher(readme);
    while (snippet.find()) {
      sources.add(snippet.group(1));
      assertThat(snippet.group(2)).isEqualTo(region(ProjectFiles.root().resolve(snippet.group(1))));
    }
    assertThat(sources)
        .extracting(source -> Path.of(source).getFileName().toString())
        .containsExactlyInAnyOrder("Embedding.java", "OwnAggregator.java", "SurvivesKill.java");
    assertThat(readme.split("```java", -1)).as("every Java block is compiled").hasSize(4);
  }

  @Test
  void readme_embedding_hasTwentyLinesAtMost() throws IOException {
    String readme = Files.readString(ProjectFiles.root().resolve("README.md"));
    String embedding =
        SNIPPET
            .matcher(readme)
            .results()
            .filter(result -> result.group(1).endsWith("Embedding.java"))
            .map(result -> result.group(2))
            .findFirst()
            .orElseThrow();
    assertThat(embedding.lines()).hasSizeLessThanOrEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "docs/durability.md"})
  void links_ofADocument_leadToFiles(String name) throws IOException {
    Path document = ProjectFiles.root().resolve(name);
    List<String> links =
        LINK.matcher(Files.readString(document)).results().map(found -> found.group(1)).toList();
    assertThat(links).isNotEmpty();
    assertThat(links).allMatch(link -> Files.exists(document.resolveSibling(link)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgres"})
  void durabilityPage_always_namesEveryTableOfTheStore(String database) throws IOException {
    String page = Files.readString(ProjectFiles.root().resolve("docs/durability.md"));
    Path tables =
        ProjectFiles.root()
            .resolve("dim-jdbc/src/main/resources/io/powernode/dim/jdbc")
            .resolve(database);
    Set<String> names = new TreeSet<>(Set.of("dim_schema_history"));
    try (Stream<Path> migrations = Files.list(tables)) {
      for (Path migration : migrations.toList()) {
        TABLE.matcher(Files.readString(migration)).results().forEach(t -> names.add(t.group(1)));
      }
    }
    assertThat(names).hasSizeGreaterThan(5).allMatch(name -> page.contains("`" + name + "`"));
  }

  @Test
  void durabilityPage_always_promisesInTenSentences() throws IOException {
    String page = Files.readString(ProjectFiles.root().resolve("docs/durability.md"));
    List<MatchResult> promises = PROMISE.matcher(page).results().toList();
    assertThat(promises)
        .extracting(found -> found.group(1))
        .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    assertThat(promises).allMatch(found -> !found.group(2).contains(". "));
  }

  @Test
  void errorsPage_table_hasEveryCodeOnce() throws IOException {
    String page = Files.readString(ProjectFiles.root().resolve("docs/errors.md"));
    List<MatchResult> rows = ERROR.matcher(page).results().toList();
    assertThat(rows)
        .extracting(row -> row.group(1))
        .containsExactlyElementsOf(Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(row.group(2).equals("yes"))
                    .as(row.group(1))
                    .isEqualTo(ErrorCode.valueOf(row.group(1)).retryable()));
  }

  /** The lines between the marks, without the indentation that they share. */
  private static String region(Path source) throws IOException {
    List<String> lines = Files.readAllLines(source);
    List<Integer> marks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(MARK)) {
        marks.add(i);
      }
    }
    assertThat(marks).as("marks of %s", source.getFileName()).hasSize(2);
    // A blank last line would count as one without indentation.
    String text = String.join("\n", lines.subList(marks.get(0) + 1, marks.get(1))).stripTrailing();
    return text.stripIndent().strip() + "\n";
  }
}
