#include "registry/json/dump.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"

#include <algorithm>
#include <string_view>

namespace egret::json {
namespace {

/// The number grammar of RFC 8259.
bool is_json_number(std::string_view text) {
    std::size_t at = 0;
    const auto digits = [&] {
        const auto from = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
        return at - from;
    };
    const auto skip = [&](std::string_view any) {
        const bool there = at < text.size() && any.find(text[at]) != any.npos;
        at += there ? 1 : 0;
        return there;
    };

    skip("-");
    if (!skip("0") && digits() == 0) return false;
    if (skip(".") && digits() == 0) return false;
    if (skip("eE")) {
        skip("+-");
        if (digits() == 0) return false;
    }
    return at == text.size();
}

/// How many bytes the UTF-8 character at the front has; 0 if there is none.
std::size_t character_bytes(std::string_view text) {
    const auto most = std::min<std::size_t>(4, text.size());
    for (std::size_t bytes = 1; bytes <= most; ++bytes) {
        if (is_utf8(text.substr(0, bytes))) return bytes;
    }
    return 0;
}

class Writer {
public:
    explicit Writer(bool pretty) : pretty_(pretty) {}

    std::string write(const Value& value) && {
        put(value);
        if (pretty_) out_ += '\n';
        return std::move(out_);
    }

private:
    // Calls itself as deep as the value is nested, which is bounded by open().
    void put(const Value& value) {  // NOLINT(misc-no-recursion)
        if (value.is_null()) {
            out_ += "null";
        } else if (value.is_bool()) {
            out_ += value.as_bool() ? "true" : "false";
        } else if (value.is_integer()) {
            out_ += std::to_string(value.as_integer());
        } else if (value.is_decimal()) {
            EGRET_ENSURE(is_json_number(value.as_decimal().raw));
            out_ += value.as_decimal().raw;
        } else if (value.is_text()) {
            put_text(value.as_text());
        } else if (value.is_array()) {
            put_array(value.as_array());
        } else {
            put_object(value.as_object());
        }
    }

    void put_array(const Array& items) {  // NOLINT(misc-no-recursion)
        open('[');
        for (const auto& item : items) {
            next(&item == items.data());
            put(item);
        }
        close(']', items.empty());
    }

    void put_object(const Object& members) {  // NOLINT(misc-no-recursion)
        open('{');
        bool first = true;
        for (const auto& [name, value] : members) {
            next(first);
            first = false;
            put_text(name);
            out_ += pretty_ ? ": " : ":";
            put(value);
        }
        close('}', members.empty());
    }

    void put_text(std::string_view text) {
        const bool sound = is_utf8(text);
        out_ += '"';
        for (std::size_t at = 0; at < text.size(); ++at) {
            const char c = text[at];
            if (const auto byte = static_cast<unsigned char>(c); byte < 0x80 || sound) {
                put_byte(c);
            } else if (const auto bytes = character_bytes(text.substr(at)); bytes != 0) {
                out_ += text.substr(at, bytes);
                at += bytes - 1;
            } else {
                out_ += "\xef\xbf\xbd";
            }
        }
        out_ += '"';
    }

    void put_byte(char c) {
        switch (c) {
            case '"': out_ += "\\\""; return;
            case '\\': out_ += "\\\\"; return;
            case '\b': out_ += "\\b"; return;
            case '\f': out_ += "\\f"; return;
            case '\n': out_ += "\\n"; return;
            case '\r': out_ += "\\r"; return;
            case '\t': out_ += "\\t"; return;
            default: break;
        }
        const auto byte = static_cast<std::uint8_t>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            out_ += c;
        } else {
            out_ += "\\u00" + to_hex({&byte, 1});
        }
    }

    void open(char bracket) {
        EGRET_ENSURE(depth_ < limits::json_nesting_max);
        ++depth_;
        out_ += bracket;
    }

    void next(bool first) {
        if (!first) out_ += ',';
        if (pretty_) new_line();
    }

    void close(char bracket, bool empty) {
        --depth_;
        if (pretty_ && !empty) new_line();
        out_ += bracket;
    }

    void new_line() {
        out_ += '\n';
        out_.append(2 * depth_, ' ');
    }

    bool pretty_;
    std::size_t depth_ = 0;
    std::string out_;
};

}  // namespace

std::string dump(const Value& value) { return Writer(false).write(value); }

std::string dump_pretty(const Value& value) { return Writer(true).write(value); }

}  // namespace egret::json
