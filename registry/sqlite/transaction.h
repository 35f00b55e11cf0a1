#pragma once

#include "registry/sqlite/database.h"

namespace egret::sqlite {

/// The right to write: a function that changes the database takes one. All that happens while it
/// lives becomes durable together in commit(), or not at all.
///
/// One at a time for each Database; a second throws SqliteError.
class WriteTransaction {
public:
    /// Takes the write lock at once, so that a later statement can't find itself too late.
    explicit WriteTransaction(Database& db);
    /// Rolls back, unless committed.
    ~WriteTransaction();

    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;

    /// Throws SqliteError if it could not be made durable; then nothing was changed. Every run of
    /// a statement that writes must have ended.
    void commit();

    Database& database() const noexcept { return db_; }

private:
    Database& db_;
    bool is_open_ = true;
};

/// A part of a write transaction that can be taken back alone. The last one begun ends first.
class Savepoint {
public:
    explicit Savepoint(WriteTransaction& transaction);
    /// Takes back what happened since, unless released.
    ~Savepoint();

    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;

    /// Leaves the changes to the transaction.
    void release();

private:
    Database& db_;
    bool is_open_ = true;
};

/// Several reads of one and the same state, that of the moment in which this was made.
class ReadTransaction {
public:
    explicit ReadTransaction(Database& db);
    ~ReadTransaction();

    ReadTransaction(const ReadTransaction&) = delete;
    ReadTransaction& operator=(const ReadTransaction&) = delete;

private:
    Database& db_;
};

}  // namespace egret::sqlite
