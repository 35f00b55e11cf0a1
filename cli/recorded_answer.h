#pragma once

#include "cli/context.h"
#include "registry/domain/history.h"
#include "registry/json/value.h"
#include "registry/service/recorder.h"

/// What commands about a woman answer in the same way.
namespace egret::cli {

/// Says what was recorded: the sentence, then the warnings; with --json {event, woman, warnings},
/// and after them the members of `more`.
void print_recorded(const Command& command, const service::Recorded& recorded,
                    const Message& sentence, const json::Object& more = {});

/// Who she is and all her records, in words.
std::string describe_all(service::Clinic& clinic, const History& history, Language language);

/// How a command ends whose words field=value could not be taken: with a usage error if a word is
/// none, with the error itself if it says what can't be.
Outcome refused_words(const Command& command, const Error& error);

}  // namespace egret::cli
