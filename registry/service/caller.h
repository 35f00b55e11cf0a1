#pragma once

#include "registry/base/ids.h"
#include "registry/domain/codes.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace egret::service {

/// What somebody may do at a clinic.
enum class Role : std::uint8_t {
    nurse,      // Reads and records.
    lead,       // A nurse who also voids what others recorded.
    read_only,  // Reads.
    machine,    // The nightly run and the like.
};

/// Why a record is opened: kept with every access.
enum class Purpose : std::uint8_t { care, programme, maintenance };

/// Who asks, and why. Every function of this module that reads or writes about people takes one.
struct Caller {
    UserId user;
    Role role = Role::read_only;
    Purpose purpose = Purpose::care;

    /// The same person, about something else.
    Caller with(Purpose other) const noexcept { return {user, role, other}; }

    bool may_record() const noexcept { return role == Role::nurse || role == Role::lead; }

    /// As what she records: nothing is said of a lead (Circumstances::role).
    std::optional<MakerRole> recorded_role() const noexcept {
        return role == Role::lead ? std::nullopt : std::optional(MakerRole::nurse);
    }
};

}  // namespace egret::service

namespace egret {

template <>
struct CodeList<service::Role> {
    static constexpr std::string_view name = "role";
    static constexpr auto entries = std::to_array<CodeEntry<service::Role>>({
        {service::Role::nurse, "nurse"},
        {service::Role::lead, "lead"},
        {service::Role::read_only, "read_only"},
        {service::Role::machine, "machine"},
    });
};

template <>
struct CodeList<service::Purpose> {
    static constexpr std::string_view name = "purpose";
    static constexpr auto entries = std::to_array<CodeEntry<service::Purpose>>({
        {service::Purpose::care, "care"},
        {service::Purpose::programme, "programme"},
        {service::Purpose::maintenance, "maintenance"},
    });
};

}  // namespace egret
