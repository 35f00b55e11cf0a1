#pragma once

#include "tests/support/screening_person.h"

#include <string>
#include <vector>

/// The rows of the published tables, each as a woman who comes to it and what is to be answered.
/// What is expected comes from the tables, never from the packs. Most of it was written before
/// anything of the packs was read; then came "soon" for what the tables want at once, and a
/// few women of whom a comment says that the pack was known by then.
namespace egret::tests {

struct SourceRow {
    int number = 0;           // Of the row in the published table; 0 for what the table leaves out.
    std::string what;         // The row in other words, and how she comes to it.
    std::string person;       // A line of a person file.
    std::string expected;     // As `fits` reads it.
    std::string algorithm{};  // Of WHO's alone.
};

using SourceRows = std::vector<SourceRow>;

SourceRows china_cervical_rows();
SourceRows china_breast_rows();
SourceRows china_guideline_rows();
SourceRows who_rows();

/// Women of no published row, who come to rows of the packs that the tables don't have.
SourceRows china_cervical_extras();
SourceRows china_breast_extras();
SourceRows china_guideline_extras();
SourceRows who_extras();

/// "colposcopy 2024-03-10 - in_follow_up": code, due, due_to and status of the first action.
std::string answer_of(const rules::ScreeningDecision& decision);

/// Whether an answer is what is expected: "CODES DUE DUE_TO STATUSES", several of them with " or "
/// between. CODES and so on are what is allowed, with "|" between; "!" before them says that they
/// are what is not; "?" allows everything. DUE_TO "=" means that the source gives no range: absent,
/// or the same day; "soon" that it asks for it at once, so that a programme has to say until when:
/// absent, or within three months. STATUSES may be left out.
bool fits(const std::string& answer, const std::string& expected);

/// Each row alone. `algorithm` says which rows of WHO's.
void check_rows(const SourceRows& rows, const rules::Pathway& pathway,
                const std::string& algorithm = "");

/// Every number from the first to the last has a row, but those left out.
void check_numbers(const SourceRows& rows, int first, int last,
                   const std::vector<int>& left_out = {});

/// A pack with the women who are asked about it.
struct Pack {
    std::string name;  // With the algorithm, if it has one.
    std::string algorithm;
    rules::Pathway pathway;
    SourceRows rows;
};

/// The packs of China, and WHO's once for each of its seven algorithms.
std::vector<Pack> all_packs();

}  // namespace egret::tests
