package org.widthwise.lab.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file over HTTP into a {@code .part} file and goes on from its end after a break (RFC
 * 9110, section 14). The validator of the part is kept beside it: with {@code If-Range} a server
 * whose file has changed sends it whole, and the part starts again.
 */
final class ResumableDownload {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d+)-\\d+|\\*)/(\\d+|\\*)");
  private static final int ATTEMPTS_WITHOUT_PROGRESS = 3;
  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final HttpClient client;
  private final URI uri;
  private final Path part;
  private final Path validatorFile;
  private final long limit;
  private final Duration stall;

  ResumableDownload(HttpClient client, URI uri, Path part, long limit, Duration stall) {
    this.client = client;
    this.uri = uri;
    this.part = part;
    this.validatorFile = part.resolveSibling(part.getFileName() + ".validator");
    this.limit = limit;
    this.stall = stall;
  }

  /** Completes the part file, resuming for as long as bytes keep coming. */
  void run(DownloadListener listener) throws IOException, InterruptedException {
    int fruitless = 0;
    while (true) {
      long before = length();
      try {
        attempt(listener);
        return;
      } catch (Broken e) {
        long now = length();
        fruitless = now > before ? 0 : fruitless + 1;
        if (fruitless == ATTEMPTS_WITHOUT_PROGRESS) {
          throw e;
        }
        listener.resuming(now, String.valueOf(e.getMessage()));
      }
    }
  }

  void discard() throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(validatorFile);
  }

  /** The network's fault, as against the disk's. */
  static class NetworkException extends IOException {
    private static final long serialVersionUID = 1L;

    NetworkException(String message) {
      super(message);
    }
  }

  /** A connection that broke after it had been made: worth another attempt. */
  private static final class Broken extends NetworkException {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  private void attempt(DownloadListener listener) throws IOException, InterruptedException {
    long have = length();
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(stall).GET();
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
      readValidator().ifPresent(v -> request.header("If-Range", v));
    }
    HttpResponse<InputStream> response = send(request.build());
    try (InputStream body = response.body()) {
      HttpHeaders headers = response.headers();
      Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
      OptionalLong total = range.matches() ? number(range.group(2)) : OptionalLong.empty();
      switch (response.statusCode()) {
        case OK -> {
          discard();
          writeValidator(headers);
          receive(body, 0, headers.firstValueAsLong("Content-Length"), listener);
        }
        case PARTIAL_CONTENT -> {
          if (!range.matches() || number(range.group(1)).orElse(-1) != have) {
            discard();
            throw new Broken("the server sent another range than the one asked for");
          }
          receive(body, have, total, listener);
        }
        case RANGE_NOT_SATISFIABLE -> {
          // The part may be whole already: the program ended before the file was used.
          if (total.orElse(-1) != have) {
            discard();
            throw new Broken("the part at hand does not fit the server's file");
          }
        }
        default ->
            throw new DataException(
                "%s answered HTTP %d where 200 is right; nothing was downloaded"
                    .formatted(uri, response.statusCode()));
      }
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpTimeoutException | SSLException e) {
      throw new NetworkException("no connection to " + uri.getHost() + ", " + reason(e));
    } catch (IOException e) {
      throw new Broken(reason(e));
    }
  }

  /** The JDK hides an unknown host in a cause, with no message of its own. */
  private static String reason(IOException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException) {
        return "unknown host";
      }
    }
    return DataException.reason(e);
  }

  private void receive(InputStream body, long have, OptionalLong total, DownloadListener listener)
      throws IOException {
    long size = total.orElse(DownloadListener.UNKNOWN);
    requireWithinLimit(size);
    long bytes = have;
    listener.progressed(bytes, size);
    try (FileChannel out =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        StallGuard guard = new StallGuard(body, stall)) {
      byte[] buffer = new byte[1 << 16];
      while (true) {
        int n;
        try {
          n = body.read(buffer);
        } catch (IOException e) {
          throw new Broken(guard.explain(reason(e)));
        }
        if (n < 0) {
          break;
        }
        guard.moved();
        bytes += n;
        requireWithinLimit(bytes);
        ByteBuffer pending = ByteBuffer.wrap(buffer, 0, n);
        while (pending.hasRemaining()) {
          out.write(pending);
        }
        listener.progressed(bytes, size);
      }
      out.force(true);
      if (size >= 0 && bytes < size) {
        throw new Broken(
            guard.explain("the connection was cut after %,d of %,d bytes".formatted(bytes, size)));
      }
    }
  }

  private void requireWithinLimit(long bytes) throws IOException {
    if (bytes > limit) {
      discard();
      throw new DataException(
          "%s sends more than %,d bytes, the most this file can have; nothing was kept"
              .formatted(uri, limit));
    }
  }

  private long length() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  private Optional<String> readValidator() throws IOException {
    return Files.exists(validatorFile)
        ? Optional.of(Files.readString(validatorFile, StandardCharsets.US_ASCII).strip())
        : Optional.empty();
  }

  private void writeValidator(HttpHeaders headers) throws IOException {
    // If-Range takes strong validators only.
    Optional<String> validator =
        headers
            .firstValue("ETag")
            .filter(tag -> !tag.startsWith("W/"))
            .or(() -> headers.firstValue("Last-Modified"));
    if (validator.isPresent()) {
      Files.writeString(validatorFile, validator.get(), StandardCharsets.US_ASCII);
    }
  }

  private static OptionalLong number(@Nullable String digits) {
    try {
      return digits == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
