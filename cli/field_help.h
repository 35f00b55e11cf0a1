#pragma once

#include "registry/codec/fact_shape.h"
#include "registry/domain/codes.h"
#include "registry/domain/stock_codes.h"

#include <string>
#include <string_view>

namespace egret::cli {

/// What a member is called: that of a contact's outcome isn't that of an illness.
std::string label_of_member(const codec::MemberShape& member, Language language);

/// For `egret record`, in lines that fit a terminal. About a kind: its fields with what they mean,
/// the codes that they take, and an example. About anything else: every kind with its fields.
std::string record_help(std::string_view about, Language language);

/// The fields of who somebody is, for `egret woman edit`, whoever it is `about`.
std::string person_fields_help(std::string_view about, Language language);

/// The same for `egret woman add`, with those marked that are needed.
std::string new_person_help(std::string_view about, Language language);

/// The fields of what may happen to stock.
std::string stock_fields_help(StockAction action, Language language);

/// Their names in a row.
std::string stock_field_names(StockAction action);

/// The help in the form that a table of commands takes.
template <StockAction A>
std::string stock_help(std::string_view, Language language) {
    return stock_fields_help(A, language);
}

}  // namespace egret::cli
