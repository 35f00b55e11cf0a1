#pragma once

#include "cli/context.h"
#include "registry/domain/history.h"
#include "registry/json/value.h"
#include "registry/service/recorder.h"

/// What commands about a woman answer in the same way.
namespace egret::cli {

/// Says what was recorded: the sentence, then the warnings; with --json {event, woman, warnings}
/// (no woman, of what is said of a facility), and after them the members of `more`.
void print_recorded(const Command& command, const service::Recorded& recorded,
                    const Message& sentence, const json::Object& more = {});

/// Shows the warnings and asks why to go on in spite of them. Empty: she doesn't.
/// Errors: those of console::Prompt::reason.
Result<std::string> ask_why(const Command& command, const std::vector<service::Warning>& warnings);

/// Who she is and all her records, in words.
std::string describe_all(service::Clinic& clinic, const History& history, Language language);

/// What the words field=value of a command were put into.
enum class PutInto {
    nothing,    // They say all: what is missing was left out by who typed.
    something,  // A file or a record, which can be at fault, too.
};

/// Holds a fact to what can be told of it anywhere, on any day: what is wrong then is wrong in no
/// registry alone. Errors: those of check_entry and service::check_vaccine.
Result<Done> check_typed(Fact& fact);

/// How a command ends whose words field=value could not be taken, or made a fact that check_typed
/// refuses: with a usage error if the words are at fault, with the error itself if what they were
/// put into is.
Outcome refused_words(const Command& command, const Error& error, PutInto start);

}  // namespace egret::cli
