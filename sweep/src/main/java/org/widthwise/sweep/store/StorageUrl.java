package org.widthwise.sweep.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.widthwise.lab.run.RunException;

/** Where a storage is: a file, or {@code postgresql://user:password@host:port/database}. */
record StorageUrl(
    Dialect dialect, String url, Properties properties, String words, String address) {

  private static final int BUSY_MILLIS = 60_000;
  private static final long RETRY_NANOS = 10_000_000;

  /** The rest of an error code tells of which kind it is. */
  private static final int PRIMARY_CODE = 0xff;

  private static final String SQLITE = "jdbc:sqlite:";

  /** Drawn by Linux when the machine starts. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  static StorageUrl of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("postgresql://") || lower.startsWith("postgres://")) {
      return postgresql(text);
    }
    if (lower.startsWith("jdbc:postgresql:")) {
      return new StorageUrl(Dialect.POSTGRESQL, text, new Properties(), withoutQuery(text), text);
    }
    if (lower.matches("[a-z]{2,}:.*") && !lower.startsWith(SQLITE)) {
      throw new RunException(
          "--storage takes a file for SQLite or postgresql://…, not '%s'"
              .formatted(withoutQuery(text)));
    }
    String path = lower.startsWith(SQLITE) ? text.substring(SQLITE.length()) : text;
    if (path.isBlank()) {
      throw new RunException("--storage is empty: name a file or postgresql://…");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setBusyTimeout(BUSY_MILLIS);
    // A transaction that begins as a reader and then writes could fail, however long it waited.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.enforceForeignKeys(true);
    return new StorageUrl(
        Dialect.SQLITE, SQLITE + path, config.toProperties(), path, absolute(path));
  }

  private static StorageUrl postgresql(String text) {
    try {
      URI uri = new URI(text);
      Properties properties = new Properties();
      String[] user = uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
      if (user.length > 0) {
        properties.setProperty("user", user[0]);
      }
      if (user.length > 1) {
        properties.setProperty("password", user[1]);
      }
      if (uri.getHost() == null) {
        throw new RunException(
            "--storage: a PostgreSQL URL is postgresql://user:password@host:port/database");
      }
      String place =
          "%s%s%s"
              .formatted(
                  uri.getHost(), uri.getPort() < 0 ? "" : ":" + uri.getPort(), uri.getPath());
      String query = uri.getQuery() == null ? "" : "?" + uri.getQuery();
      return new StorageUrl(
          Dialect.POSTGRESQL,
          "jdbc:postgresql://" + place + query,
          properties,
          "postgresql://" + place,
          text);
    } catch (URISyntaxException malformed) {
      // Its message would show the password.
      throw new RunException(
          "--storage: a PostgreSQL URL is postgresql://user:password@host:port/database");
    }
  }

  private static String absolute(String path) {
    try {
      return Path.of(path).toAbsolutePath().toString();
    } catch (InvalidPathException unusual) {
      // What is wrong with it is said when it is opened.
      return path;
    }
  }

  private static String withoutQuery(String text) {
    return text.replaceAll("\\?.*", "").replaceAll("//[^/@]*@", "//");
  }

  /** Whether there is a file that can be opened without being made. */
  boolean isFile() {
    return dialect == Dialect.SQLITE && Files.isRegularFile(Path.of(words));
  }

  /**
   * A connection. SQLite waits wherever a file is locked, but not where a new one is turned to a
   * write-ahead log that another is just turning it to: there it is tried again.
   */
  Connection connect() throws SQLException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
    while (true) {
      Properties given = new Properties();
      given.putAll(properties);
      try {
        return DriverManager.getConnection(url, given);
      } catch (SQLiteException refused) {
        boolean busy = (refused.getErrorCode() & PRIMARY_CODE) == SQLiteErrorCode.SQLITE_BUSY.code;
        if (!busy || System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
          throw refused;
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  /**
   * What tells the storage from every other one. A file has a number on its machine. Two machines
   * that share a file system may see the same file, but not each other's locks on it, so the
   * machine's identity is a part; containers on one machine share it.
   */
  String identity(Connection connection) throws SQLException {
    if (dialect == Dialect.POSTGRESQL) {
      boolean told =
          word(connection, "SELECT has_function_privilege('pg_control_system()', 'execute')")
              .startsWith("t");
      return told
          ? word(
              connection,
              "SELECT system_identifier || ' ' || current_database() || ' ' || current_schema()"
                  + " FROM pg_control_system()")
          : "";
    }
    try {
      BasicFileAttributes file = Files.readAttributes(Path.of(words), BasicFileAttributes.class);
      Object number = file.fileKey() == null ? file.creationTime() : file.fileKey();
      return "%s %s".formatted(machine(), number);
    } catch (IOException | InvalidPathException absent) {
      throw new RunException("the storage %s is no file".formatted(words), absent);
    }
  }

  private static String word(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  private static String machine() throws IOException {
    return Files.isReadable(BOOT_ID)
        ? Files.readString(BOOT_ID).strip()
        : InetAddress.getLocalHost().getHostName();
  }

  /** Makes the directory of a file that is to be. */
  void makeDirectory() {
    if (dialect != Dialect.SQLITE) {
      return;
    }
    try {
      Path parent = Path.of(words).toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
    } catch (IOException | InvalidPathException unwritable) {
      throw new RunException(
          "cannot make the directory of %s: %s".formatted(words, unwritable.getMessage()),
          unwritable);
    }
  }
}
