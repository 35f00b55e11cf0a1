#include "registry/base/clock.h"

#include <doctest/doctest.h>

TEST_SUITE("registry/base/clock") {
    TEST_CASE("a moment as machines write it, whole seconds, before 1970 too") {
        CHECK(egret::utc_text(egret::instant_from_unix_ms(1'772'600'767'999)) ==
              "2026-03-04T05:06:07Z");
        CHECK(egret::utc_text(egret::instant_from_unix_ms(-1)) == "1969-12-31T23:59:59Z");
    }
}
