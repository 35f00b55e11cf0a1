#pragma once

#include <optional>
#include <string>
#include <string_view>

/// T, N and M of a tumour of the breast (UICC/AJCC TNM, 8th edition).
namespace egret {

enum class TnmPart { t, n, m };

/// In its one form, whatever letters it was typed in, with its letter or without: "1C" and "t1c"
/// are "T1c", "PN1MI" is "pN1mi", "0" is "M0". With the letter a prefix may stand before it (c, p,
/// yc, yp, r, a), and what the edition knows in brackets after it: "Tis(DCIS)", "T2(m)",
/// "pN0(i+)", "pN1a(sn)". Nothing, if the edition has no such category.
std::optional<std::string> tnm_form(TnmPart part, std::string_view typed);

}  // namespace egret
