package io.powernode.dim.server;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.core.Dim;
import io.powernode.dim.core.OrchestratorBuilder;
import io.powernode.dim.daemon.CabinetPolicy;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.daemon.PowerNodeBuilder;
import io.powernode.dim.inference.OnnxLoader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One orchestrator and three hospitals, all in this process. */
final class DemoNetwork implements AutoCloseable {
  private final List<PowerNode> nodes;
  private final Orchestrator orchestrator;
  private final AppointmentBook book;

  private DemoNetwork(List<PowerNode> nodes, Orchestrator orchestrator, AppointmentBook book) {
    this.nodes = nodes;
    this.orchestrator = orchestrator;
    this.book = book;
  }

  static DemoNetwork start(DemoData data) {
    AppointmentBook book = new AppointmentBook(duty());
    List<PowerNode> nodes = new ArrayList<>();
    try {
      for (String hospital : DemoData.HOSPITALS) {
        nodes.add(node(hospital, data, book));
      }
      OrchestratorBuilder builder = Dim.orchestrator();
      data.models().forEach(builder::model);
      nodes.forEach(builder::node);
      return new DemoNetwork(nodes, builder.build(), book);
    } catch (RuntimeException e) {
      nodes.forEach(PowerNode::close);
      throw e;
    }
  }

  /** Who sees patients when, at the hospital that books appointments; nobody is there at eight. */
  private static Map<String, Optional<String>> duty() {
    Map<String, Optional<String>> duty = new LinkedHashMap<>();
    duty.put("Mon 08:00", Optional.empty());
    duty.put("Mon 09:00", Optional.of("Dr Adeyemi"));
    duty.put("Mon 10:00", Optional.of("Dr Brandt"));
    return duty;
  }

  private static PowerNode node(String hospital, DemoData data, AppointmentBook book) {
    PowerNodeBuilder node =
        PowerNode.builder(hospital).type("hospital").loader(OnnxLoader.create());
    if (!hospital.equals(DemoJobs.NORTH)) {
      return node.cabinet(data.cabinet(hospital), aggregates(data)).build();
    }
    CabinetPolicy votes =
        aggregates(data)
            .allowModels(
                DemoJobs.COMMITTEE.keySet().stream()
                    .map(data::model)
                    .map(model -> model.artifact().digest())
                    .toArray(Digest[]::new))
            .allowReductions("votes")
            .allowRowLevel();
    return node.cabinet(data.cabinet(hospital), votes)
        .action(book.reserve())
        .action(book.release())
        .action(book.assign())
        .build();
  }

  /** Every hospital lets the one risk model run, and means and counts leave. */
  private static CabinetPolicy aggregates(DemoData data) {
    ModelDescriptor risk = data.model(DemoJobs.RISK);
    return CabinetPolicy.denyAll()
        .allowModels(risk.artifact().digest())
        .allowRequesters(Orchestrator.LOCAL_USER)
        .allowPurposes(DemoJobs.PURPOSE)
        .allowReductions("mean", "metrics");
  }

  Orchestrator orchestrator() {
    return orchestrator;
  }

  /** The appointments at {@link DemoJobs#NORTH}. */
  AppointmentBook book() {
    return book;
  }

  @Override
  public void close() {
    orchestrator.close();
    nodes.forEach(PowerNode::close);
  }
}
