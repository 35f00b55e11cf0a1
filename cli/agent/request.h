#pragma once

#include "cli/agent/descriptor.h"
#include "registry/base/bytes.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What goes over an agent's socket. Both ends are the same program of the same version on the same
/// machine; a client of another version is told so, and that is all that the two must agree on.
///
///   request = "EGA1", length of the rest (4 bytes, big-endian), kind (1 byte),
///             version, umask in decimal, words, environment
///   a text is its length (4 bytes) and its bytes; a list is its length (4) and its texts
///
/// With the first bytes come the client's descriptors: standard input, output, error, its working
/// folder and, if it has one, its terminal. The agent answers with frames of 5 bytes: a letter, and
/// a number (big-endian).
namespace egret::agent {

enum class Kind : std::uint8_t {
    run = 1,   // Do a command.
    lock = 2,  // Let the commands at work come to their end, and end.
};

struct Request {
    Kind kind = Kind::run;
    std::string version;                   // Of the client's program.
    std::uint32_t umask = 077;             // Of the files that the command makes.
    std::vector<std::string> words;        // After the program's name.
    std::vector<std::string> environment;  // "NAME=value", what sent_environment() gives.
};

inline constexpr std::size_t request_front_bytes = 8;

Bytes encode(const Request& request);
/// How long the part after the front is; nothing, if it is no front of a request, or too long.
std::optional<std::size_t> length_after(ByteView front);
/// Of what comes after the front; nothing, if it isn't exactly one request.
std::optional<Request> decode(ByteView rest);

/// What of a process's environment a command goes by: our own names, the language, the time zone.
std::vector<std::string> sent_environment();
/// The same variables of this process are replaced by those.
void take_environment(const std::vector<std::string>& environment);

/// What comes with a request.
struct ClientFiles {
    std::array<Descriptor, 3> standard;  // Input, output, error.
    Descriptor folder;
    Descriptor terminal;  // Perhaps none.
};

/// What the agent says. The letters stand on the wire.
enum class Answer : char {
    accepted = 'A',       // The command begins.
    other_version = 'V',  // The agent is of another version, and ends.
    too_many = 'B',       // Too many commands at once.
    locking = 'O',        // It is about to lock.
    ended = 'E',          // The command ended: as waitpid says it.
    locked = 'L',         // Nothing is unlocked any more.
};

struct Frame {
    Answer answer = Answer::locked;
    std::uint32_t number = 0;
};

inline constexpr std::size_t frame_bytes = 5;

Fixed<frame_bytes> encode(const Frame& frame);
/// Nothing for an unknown letter.
std::optional<Frame> decode_frame(const Fixed<frame_bytes>& bytes);

}  // namespace egret::agent
