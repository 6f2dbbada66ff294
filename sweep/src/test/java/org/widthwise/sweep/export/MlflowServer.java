package org.widthwise.sweep.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of MLflow's REST API, version 2.0, as an export uses; it keeps what it is told. */
final class MlflowServer implements AutoCloseable {

  private static final String API = "/api/2.0/mlflow/";

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpServer server;
  private final Map<String, String> experiments = new LinkedHashMap<>();
  private final Map<String, ObjectNode> runs = new LinkedHashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final int pageSize;
  private volatile int failure;
  private final AtomicInteger callsBeforeFailure = new AtomicInteger();

  MlflowServer(int pageSize) throws IOException {
    this.pageSize = pageSize;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(API, this::answer);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  Map<String, String> experiments() {
    return experiments;
  }

  List<ObjectNode> runs() {
    return List.copyOf(runs.values());
  }

  List<String> calls() {
    return calls;
  }

  /** Answers with a status from some call on; 0 for no more. */
  void failWith(int status, int callsBefore) {
    failure = status;
    callsBeforeFailure.set(callsBefore);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String call = exchange.getRequestURI().getPath().substring(API.length());
      calls.add(call);
      byte[] body = exchange.getRequestBody().readAllBytes();
      JsonNode request = body.length == 0 ? mapper.createObjectNode() : mapper.readTree(body);
      int status = 200;
      String answer = "{}";
      if (failure != 0 && callsBeforeFailure.getAndDecrement() <= 0) {
        status = failure;
      } else if (call.equals("experiments/get-by-name")) {
        String name = exchange.getRequestURI().getQuery().split("=", 2)[1];
        String id = experiments.get(name);
        status = id == null ? 404 : 200;
        answer =
            id == null
                ? "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"none\"}"
                : "{\"experiment\": {\"experiment_id\": \"%s\"}}".formatted(id);
      } else {
        answer = post(call, request).toString();
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private ObjectNode post(String call, JsonNode request) {
    ObjectNode answer = mapper.createObjectNode();
    switch (call) {
      case "experiments/create" -> {
        String id = Integer.toString(experiments.size() + 1);
        experiments.put(request.get("name").asText(), id);
        answer.put("experiment_id", id);
      }
      case "runs/create" -> {
        String id = "run" + runs.size();
        ObjectNode run = mapper.createObjectNode();
        run.putObject("info")
            .put("run_id", id)
            .put("status", "RUNNING")
            .put("experiment_id", request.get("experiment_id").asText())
            .put("start_time", request.get("start_time").asLong());
        ObjectNode data = run.putObject("data");
        data.set("tags", request.get("tags"));
        data.putArray("params");
        data.putArray("metrics");
        runs.put(id, run);
        answer.set("run", run);
      }
      case "runs/search" -> {
        int from = request.path("page_token").asInt(0);
        int to = Math.min(from + pageSize, runs.size());
        answer.putArray("runs").addAll(runs().subList(from, to));
        if (to < runs.size()) {
          answer.put("next_page_token", Integer.toString(to));
        }
      }
      case "runs/log-batch" -> {
        JsonNode data = run(request).get("data");
        for (String list : List.of("metrics", "params", "tags")) {
          ArrayNode there = (ArrayNode) data.get(list);
          JsonNode more = request.path(list);
          if (more.size() > 1000) {
            throw new IllegalArgumentException("MLflow takes no more than 1000 at a time");
          }
          // As its database does: the same once more is no second one.
          more.forEach(
              one -> {
                boolean known = false;
                for (JsonNode old : there) {
                  known |= old.equals(one);
                }
                if (!known) {
                  there.add(one);
                }
              });
        }
      }
      case "runs/update" ->
          ((ObjectNode) run(request).get("info")).put("status", request.get("status").asText());
      default -> throw new IllegalArgumentException(call);
    }
    return answer;
  }

  private ObjectNode run(JsonNode request) {
    return Objects.requireNonNull(runs.get(request.get("run_id").asText()));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
