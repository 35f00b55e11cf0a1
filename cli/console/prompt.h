#pragma once

#include "cli/console/terminal.h"
#include "cli/console/typed_secret.h"
#include "registry/base/result.h"

#include <string>
#include <string_view>

namespace egret::console {

/// Asks the person at the terminal, whatever standard input and output are connected to.
class Prompt {
public:
    /// `device` is the terminal to ask at; "/dev/fd/N" is one that is open already. The Terminal
    /// must outlive the prompt. Where it has patience, every question may end with locked: nobody
    /// answered in time.
    explicit Prompt(const Terminal& terminal, std::string device = "/dev/tty")
        : terminal_(terminal), device_(std::move(device)) {}

    /// A secret: the first line of the file that the variable of the environment names
    /// ("EGRET_PIN_FILE"), or typed without being shown.
    /// Errors: invalid_input, the file can't be read, or its first line or what she typed is empty
    /// or too long; locked, there is no terminal to ask at; conflict, she gave up (Ctrl-C, Ctrl-D).
    Result<TypedSecret> secret(const Message& question, std::string_view variable) const;

    /// The same, but shown while it is typed: for what is long and stands on paper before her. Of a
    /// file all lines, as there are several of it on the paper.
    Result<TypedSecret> shown_secret(const Message& question, std::string_view variable) const;

    /// A new secret: typed twice, until both are the same; of a file, once.
    /// Errors: as secret().
    Result<TypedSecret> new_secret(const Message& question, const Message& again,
                                   std::string_view variable) const;

    /// Something that is for her eyes only, whatever standard output is connected to. May have
    /// several lines.
    /// Errors: locked, there is no terminal.
    Result<Done> show(std::string_view text) const;

    /// There is a terminal to ask at.
    bool is_possible() const;

    /// Asks until the answer is y or n (是 or 否 will do in both languages).
    /// Errors: invalid_input, there is no terminal to ask at; conflict, she gave up.
    Result<bool> yes_or_no(const Message& question) const;

    /// One line of text, without the spaces at its ends; may be empty.
    /// Errors: as yes_or_no.
    Result<std::string> line(const Message& question) const;

    /// Why she does something all the same, by a question that asks that; empty if she doesn't. A
    /// mere yes is no reason, and a no is none: the first is asked again.
    /// Errors: as yes_or_no.
    Result<std::string> reason(const Message& question) const;

private:
    enum class Echo { off, on };

    class Device;

    Result<TypedSecret> ask(const Message& question, std::string_view variable, Echo echo) const;

    const Terminal& terminal_;
    std::string device_;
};

}  // namespace egret::console
