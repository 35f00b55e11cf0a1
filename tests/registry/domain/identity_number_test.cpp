#include "registry/domain/identity_number.h"

#include "registry/base/random.h"

#include <doctest/doctest.h>

#include <string>

namespace egret {
namespace {

/// ISO 7064 MOD 11-2 the long way, with the weights that GB 11643 prints.
std::string with_check(const std::string& digits) {
    constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) sum += weights[i] * (digits[i] - '0');
    return digits + "10X98765432"[sum % 11];
}

std::string random_resident_id(SeededRandom& random) {
    const auto birth =
        Date::from_ymd(1930, 1, 1).plus_days(static_cast<std::int32_t>(random.below(35'000)));
    std::string digits = "350203";
    for (const char c : birth.to_string()) {
        if (c != '-') digits += c;
    }
    for (int i = 0; i < 3; ++i) digits += static_cast<char>('0' + random.below(10));
    return with_check(digits);
}

Result<IdentityNumber> resident_id(std::string_view text) {
    return IdentityNumber::parse(IdentifierKind::resident_id, text);
}

void check_message(const Result<IdentityNumber>& result, std::string_view id) {
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::invalid_input);
    CHECK(result.error().message.id == id);
}

TEST_SUITE("registry/domain/identity_number") {
    TEST_CASE("a resident number tells birth date, sex and area") {
        // The example that GB 11643-1999 prints, a woman's.
        const auto number = resident_id("11010519491231002X");
        REQUIRE(number);
        CHECK(number->text() == "11010519491231002X");
        CHECK(number->kind() == IdentifierKind::resident_id);
        CHECK(number->birth_date() == Date::from_ymd(1949, 12, 31));
        CHECK(number->sex() == Sex::female);
        CHECK(number->area_code() == "110105");
        // And its other one, a man's.
        CHECK(resident_id("440524188001010014").error().message.id == "identity.birth_date");
        CHECK(resident_id(with_check("35020319850304123"))->sex() == Sex::male);
    }

    TEST_CASE("a small x and spaces around make no difference") {
        CHECK(*resident_id(" 11010519491231002x\n") == *resident_id("11010519491231002X"));
    }

    TEST_CASE("residence permits are numbers of the same form") {
        for (const char* digits :
             {"81000019850304122", "82000019850304122", "83000019850304122", "93502119850304122"}) {
            CAPTURE(digits);
            const auto number = resident_id(with_check(digits));
            REQUIRE(number);
            CHECK(number->birth_date() == Date::from_ymd(1985, 3, 4));
        }
        CHECK(resident_id(with_check("81000019850304122"))->area_code() == "810000");
        CHECK_FALSE(resident_id(with_check("93502119850304122"))->area_code());
    }

    TEST_CASE("every wrong digit and every swap of neighbours is caught") {
        SeededRandom random(7);
        for (int round = 0; round < 200; ++round) {
            const auto good = random_resident_id(random);
            REQUIRE(resident_id(good));
            for (std::size_t at = 0; at < good.size(); ++at) {
                for (const char c : std::string_view("0123456789X")) {
                    auto bad = good;
                    bad[at] = c;
                    CHECK(static_cast<bool>(resident_id(bad)) == (bad == good));
                }
            }
            for (std::size_t at = 1; at < good.size(); ++at) {
                auto bad = good;
                std::swap(bad[at - 1], bad[at]);
                CHECK(static_cast<bool>(resident_id(bad)) == (bad == good));
            }
        }
    }

    TEST_CASE("a wrong check character is told from a wrong form") {
        check_message(resident_id("110105194912310021"), "identity.check_digit");
        check_message(resident_id("350203850304123"), "identity.old_number");
        for (const char* text : {"", "1101051949123100", "11010519491231002", "1101051949123100211",
                                 "1101051949123X002X", "11010519491231002Y", "35020385030412a",
                                 "１１010519491231002X", "110105 19491231002X"}) {
            CAPTURE(text);
            check_message(resident_id(text), "identity.shape");
        }
        for (const char* place : {"00", "10", "16", "20", "47", "66", "72", "84", "91"}) {
            CAPTURE(place);
            check_message(resident_id(with_check(std::string(place) + "010519491231002")),
                          "identity.shape");
        }
    }

    TEST_CASE("a day that doesn't exist is refused though the check character fits") {
        for (const char* date : {"19490230", "19491301", "19490001", "19490100", "19000229",
                                 "19490431", "18991231", "22010101"}) {
            CAPTURE(date);
            check_message(resident_id(with_check("350203" + std::string(date) + "002")),
                          "identity.birth_date");
        }
        CHECK(resident_id(with_check("35020320000229002")));
    }

    TEST_CASE("an error names the kind and never the number") {
        const auto result = IdentityNumber::parse(IdentifierKind::passport, "E1234567890123");
        REQUIRE_FALSE(result);
        CHECK(result.error().message == msg("identity.shape"));
    }

    TEST_CASE("the other kinds are held to their form") {
        struct Row {
            IdentifierKind kind;
            const char* text;
            const char* kept;  // Null if it is refused.
        };
        const std::string card_that_fits(32, 'c');
        const std::string card_too_long(33, 'c');
        const std::string external_too_long(65, 'e');
        for (const auto& row : {
                 Row{IdentifierKind::passport, "e12345678", "E12345678"},
                 Row{IdentifierKind::passport, " EA1234567 ", "EA1234567"},
                 Row{IdentifierKind::passport, "12345", "12345"},
                 Row{IdentifierKind::passport, "1234", nullptr},
                 Row{IdentifierKind::passport, "ABCDEFG", nullptr},
                 Row{IdentifierKind::passport, "E1234-678", nullptr},
                 Row{IdentifierKind::passport, "E123456789012", nullptr},
                 Row{IdentifierKind::birth_certificate, "p350012345", "P350012345"},
                 Row{IdentifierKind::birth_certificate, "P35001234", nullptr},
                 Row{IdentifierKind::birth_certificate, "P3500123456", nullptr},
                 Row{IdentifierKind::birth_certificate, "3350012345", nullptr},
                 Row{IdentifierKind::birth_certificate, "PP50012345", nullptr},
                 Row{IdentifierKind::birth_certificate, "", nullptr},
                 Row{IdentifierKind::school_number, "g35020320120304122x", "G35020320120304122X"},
                 Row{IdentifierKind::school_number, "L350203201203041221", "L350203201203041221"},
                 Row{IdentifierKind::school_number, "J350203201203041221", "J350203201203041221"},
                 Row{IdentifierKind::school_number, "A350203201203041221", nullptr},
                 Row{IdentifierKind::school_number, "G35020320120304122", nullptr},
                 Row{IdentifierKind::school_number, "350203201203041221", nullptr},
                 Row{IdentifierKind::school_number, "", nullptr},
                 Row{IdentifierKind::programme_card, " Xm-2024/17 b ", "Xm-2024/17 b"},
                 Row{IdentifierKind::programme_card, card_that_fits.c_str(),
                     card_that_fits.c_str()},
                 Row{IdentifierKind::programme_card, card_too_long.c_str(), nullptr},
                 Row{IdentifierKind::programme_card, "", nullptr},
                 Row{IdentifierKind::programme_card, "卡1", nullptr},
                 Row{IdentifierKind::programme_card, "a\tb", nullptr},
                 Row{IdentifierKind::external, "lab:7", "lab:7"},
                 Row{IdentifierKind::external, external_too_long.c_str(), nullptr},
             }) {
            CAPTURE(row.text);
            const auto number = IdentityNumber::parse(row.kind, row.text);
            REQUIRE(static_cast<bool>(number) == (row.kept != nullptr));
            if (row.kept == nullptr) {
                CHECK(number.error().message == msg("identity.shape"));
                continue;
            }
            CHECK(number->text() == row.kept);
            CHECK_FALSE(number->birth_date());
            CHECK_FALSE(number->sex());
            CHECK_FALSE(number->area_code());
        }
    }
}

}  // namespace
}  // namespace egret
