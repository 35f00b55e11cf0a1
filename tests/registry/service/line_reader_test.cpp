#include "registry/service/line_reader.h"

#include <doctest/doctest.h>

#include <sstream>
#include <streambuf>

namespace egret::service {
namespace {

/// One byte for ever, as /dev/zero is.
class Endless final : public std::streambuf {
public:
    explicit Endless(char byte) : byte_(byte) {}

    std::size_t given() const { return given_; }

protected:
    int_type underflow() override {
        ++given_;
        setg(&byte_, &byte_, &byte_ + 1);
        return traits_type::to_int_type(byte_);
    }

private:
    char byte_;
    std::size_t given_ = 0;
};

TEST_SUITE("registry/service/line_reader") {
    TEST_CASE("lines come with their numbers, the last one with or without its end") {
        for (const auto* text : {"one\n\nthree\n", "one\n\nthree"}) {
            std::istringstream in(text);
            LineReader reader(in, 10);
            CHECK(reader.next()->text == "one");
            CHECK(reader.next()->text.empty());
            const auto third = reader.next();
            REQUIRE(third);
            CHECK(third->text == "three");
            CHECK(third->number == 3);
            CHECK_FALSE(reader.next());
        }
    }

    TEST_CASE("a byte order mark is no part of the first line, and of the first only") {
        std::istringstream in("\xEF\xBB\xBF{}\n\xEF\xBB\xBF{}\n");
        LineReader reader(in, 10);
        CHECK(reader.next()->text == "{}");
        CHECK(reader.next()->text.size() == 5);
    }

    TEST_CASE("a line that is too long is passed over") {
        std::istringstream in("12345\n123456\n789\n");
        LineReader reader(in, 5);
        CHECK_FALSE(reader.next()->is_too_long);
        CHECK(reader.next()->is_too_long);
        CHECK(reader.next()->text == "789");
    }

    TEST_CASE("a file without an end is left") {
        Endless zeros('\0');
        std::istream in(&zeros);
        LineReader reader(in, 5);
        CHECK(reader.next()->is_too_long);
        CHECK_FALSE(reader.next());
        CHECK(zeros.given() <= LineReader::passed_bytes_max + 6);
    }
}

}  // namespace
}  // namespace egret::service
