#include "registry/domain/tnm.h"

#include <doctest/doctest.h>

#include <utility>

namespace egret {
namespace {

std::string tnm(TnmPart part, std::string_view typed) {
    return tnm_form(part, typed).value_or("refused");
}

TEST_SUITE("registry/domain/tnm") {
    TEST_CASE("categories of the 8th edition get their one form") {
        const std::pair<const char*, const char*> t[] = {
            {"T1c", "T1c"},
            {"t1C", "T1c"},
            {"1c", "T1c"},
            {"pt2", "pT2"},
            {"ypT1mi", "ypT1mi"},
            {"YPTIS", "ypTis"},
            {"tx", "TX"},
            {"x", "TX"},
            {"0", "T0"},
            {"T4d", "T4d"},
            {"cT2(m)", "cT2(m)"},
            {"tis(dcis)", "Tis(DCIS)"},
            {"Tis(Paget)", "Tis(Paget)"},
        };
        for (const auto& one : t)
            CHECK_MESSAGE(tnm(TnmPart::t, one.first) == one.second, one.first);
        const std::pair<const char*, const char*> n[] = {
            {"n0", "N0"},           {"pN1MI", "pN1mi"},         {"pn1a(SN)", "pN1a(sn)"},
            {"pN0(i+)", "pN0(i+)"}, {"pN0(MOL+)", "pN0(mol+)"}, {"3c", "N3c"},
            {"cN1(f)", "cN1(f)"},
        };
        for (const auto& one : n)
            CHECK_MESSAGE(tnm(TnmPart::n, one.first) == one.second, one.first);
        CHECK(tnm(TnmPart::m, "0") == "M0");
        CHECK(tnm(TnmPart::m, "cm0(I+)") == "cM0(i+)");
        CHECK(tnm(TnmPart::m, "pM1") == "pM1");
    }

    TEST_CASE("what the edition doesn't have is refused") {
        for (const auto* typed : {"", "T", "T5", "T1d", "T1b1", "c2", "N1", "T2(sn)", "qT2", "TT2",
                                  "T2 ", "pp2", "Tis1"})
            CHECK_MESSAGE(tnm(TnmPart::t, typed) == "refused", typed);
        for (const auto* typed : {"N4", "N1d", "T1", "N2c", "N0(sn)(f)", "N1mi(m)"})
            CHECK_MESSAGE(tnm(TnmPart::n, typed) == "refused", typed);
        for (const auto* typed : {"MX", "M2", "M1a", "1(i+)"})
            CHECK_MESSAGE(tnm(TnmPart::m, typed) == "refused", typed);
    }
}

}  // namespace
}  // namespace egret
