#pragma once

#include "tests/support/egret_run.h"

namespace egret::tests {

inline bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// A clinic that keeps stock.
struct StockRun : EgretRun {
    StockRun() { init(); }

    Ran stock(Words words) {
        words.insert(words.begin(), "stock");
        return done(std::move(words));
    }

    Ran zh(Words words) {
        words.insert(words.begin(), "stock");
        words.insert(words.end(), {"--lang", "zh"});
        return run(words);
    }

    void receive(const std::string& lot, const std::string& quantity, const std::string& date) {
        stock({"receive", "lot=" + lot, "product=egret:cecolin", "quantity=" + quantity,
               "date=" + date});
    }

    std::string give(const std::string& woman, const std::string& lot, const std::string& date,
                     Words more = {}) {
        Words words{"record",    "dose", "--woman", woman, "--date", date, "product=egret:cecolin",
                    "lot=" + lot};
        words.insert(words.end(), more.begin(), more.end());
        return done(words).text("event");
    }

    static std::int64_t number(const json::Value& of, std::string_view member) {
        const auto* value = of.find(member);
        REQUIRE(value);
        return value->as_integer();
    }

    static bool warns(const Ran& ran, std::string_view code) {
        const auto answer = ran.json();
        for (const auto& warning : answer.find("warnings")->as_array()) {
            if (warning.find("code")->as_text() == code) return true;
        }
        return false;
    }

    /// What an answer says of its first lot.
    static std::string first_state(const Ran& ran) {
        const auto answer = ran.json();
        return answer.find("states")->as_array().front().find("state")->as_text();
    }
};

}  // namespace egret::tests
