#include "registry/sqlite/transaction.h"

#include <sqlite3.h>

namespace egret::sqlite {

namespace {

/// For destructors: what fails here has been rolled back by SQLite itself, or will be by the
/// recovery of the next opening.
void execute_quietly(const Database& db, const char* sql) noexcept {
    // After a full disk SQLite may have ended the transaction on its own.
    if (db.in_transaction()) sqlite3_exec(db.handle(), sql, nullptr, nullptr, nullptr);
}

}  // namespace

WriteTransaction::WriteTransaction(Database& db) : db_(db) { db_.execute("BEGIN IMMEDIATE"); }

WriteTransaction::~WriteTransaction() {
    if (is_open_) execute_quietly(db_, "ROLLBACK");
}

void WriteTransaction::commit() {
    db_.execute("COMMIT");
    is_open_ = false;
}

Savepoint::Savepoint(WriteTransaction& transaction) : db_(transaction.database()) {
    // The same name each time: SQLite takes the innermost, and scopes nest.
    db_.execute("SAVEPOINT part");
}

Savepoint::~Savepoint() {
    if (is_open_) execute_quietly(db_, "ROLLBACK TO part; RELEASE part");
}

void Savepoint::release() {
    db_.execute("RELEASE part");
    is_open_ = false;
}

ReadTransaction::ReadTransaction(Database& db) : db_(db) {
    db_.execute("BEGIN");
    try {
        // BEGIN alone does not choose a state yet; the first read does.
        db_.execute("SELECT count(*) FROM sqlite_schema");
    } catch (...) {
        execute_quietly(db_, "ROLLBACK");
        throw;
    }
}

ReadTransaction::~ReadTransaction() { execute_quietly(db_, "ROLLBACK"); }

}  // namespace egret::sqlite
