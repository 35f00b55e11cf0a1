#pragma once

#include "registry/base/progress.h"
#include "registry/base/result.h"
#include "registry/codec/person_file.h"
#include "registry/service/clinic.h"

#include <cstdint>
#include <functional>
#include <istream>
#include <ostream>
#include <string>
#include <vector>

namespace egret::service {

/// A line of a file that was not taken, and why.
struct RefusedLine {
    std::uint64_t line = 0;
    Error error;
};

struct Imported {
    std::uint64_t persons = 0;  // With something new.
    std::uint64_t facts = 0;
    std::uint64_t known = 0;  // Facts that were here already.
    std::vector<RefusedLine> refused;
    std::vector<std::uint64_t> nameless;  // Lines of women who were registered without a name.
    // Lines that say of a known woman what isn't recorded of who she is: that much was not taken.
    std::vector<std::uint64_t> differing;
    // Lines by which a dose that was here already is substandard, and here not, or the other way
    // round: what is recorded here stays.
    std::vector<std::uint64_t> differing_doses;
    // Lines with a new dose that has no date: it is in no figure until its date is recorded.
    std::vector<std::uint64_t> undated_doses;
};

/// Person files in and out (registry/codec/person_file.h).
class Exchange {
public:
    explicit Exchange(Clinic& clinic) noexcept : clinic_(clinic) {}

    /// Takes each person whole or not at all. Reading a file again adds nothing: an event without a
    /// uid gets one that follows from its content. Who a known woman is stays as it is recorded.
    /// A line with a known id and a birth date or sex that was never hers is refused (conflict).
    /// A file that is none of persons is left as soon as that shows.
    /// Errors: forbidden; invalid_input, for such a file: then nothing was taken.
    Result<Imported> import_persons(const Caller& caller, std::istream& in, Progress& progress);

    /// All women in the order in which they came, or those named; one a line. Returns how many.
    /// Ends early where `out` takes no more.
    /// Errors: not_found, if one of those named is unknown; then nothing was written.
    Result<std::uint64_t> export_persons(const Caller& caller, const std::vector<WomanId>& women,
                                         std::ostream& out, Progress& progress);

private:
    struct Outcome {
        std::uint64_t facts = 0;
        std::uint64_t known = 0;
        bool is_nameless = false;
        bool differs = false;
        bool dose_differs = false;
        bool has_undated_dose = false;
    };

    Result<Outcome> import_line(const Caller& caller, const std::string& line,
                                sqlite::WriteTransaction& tx);
    WomanId woman_of(const std::string& person_id);
    std::vector<WomanId> everybody();

    Clinic& clinic_;
};

}  // namespace egret::service
