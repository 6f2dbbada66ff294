package org.widthwise.sweep.store;

/** What the two databases say in different words. */
enum Dialect {
  /** One file, for processes of one machine. */
  SQLITE {
    @Override
    String now() {
      return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
    }

    @Override
    String skipLocked() {
      // Writers come one after another in any case: each transaction begins as a writer.
      return "";
    }

    @Override
    String lockForMigration() {
      return "SELECT 1";
    }
  },
  /** A server, for many machines. */
  POSTGRESQL {
    @Override
    String now() {
      return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
    }

    @Override
    String skipLocked() {
      return " FOR UPDATE SKIP LOCKED";
    }

    @Override
    String lockForMigration() {
      return "SELECT pg_advisory_xact_lock(" + MIGRATION_LOCK + ")";
    }
  };

  /** Any number that other programs in the database are unlikely to lock. */
  private static final long MIGRATION_LOCK = 0x77696474687769L;

  /** The database's clock, in milliseconds: the only one that all workers share. */
  abstract String now();

  /** Ends a query for a row so that it passes over those that others are about to change. */
  abstract String skipLocked();

  /** Keeps others from migrating until the transaction ends. */
  abstract String lockForMigration();
}
