#pragma once

#include "registry/base/result.h"
#include "registry/service/clinic.h"
#include "registry/service/recorder.h"
#include "registry/service/warning.h"

#include <vector>

namespace egret::service {

struct Added {
    WomanId woman;
    EventUid event;
    std::vector<Warning> warnings;  // "identity_in_use", "possible_duplicate", "identity_mismatch".
};

/// Takes women into care and keeps who they are.
class Registrar {
public:
    explicit Registrar(Clinic& clinic) noexcept : clinic_(clinic) {}

    /// Errors: forbidden; invalid_input with the member's path: no birth date or sex, a birth in
    /// the future, a number that can't be right.
    Result<Added> add(const Caller& caller, Demographics who, Circumstances at = {});

    /// Names the values that it replaces. Errors: as add(); not_found, for a woman who isn't
    /// registered.
    Result<Recorded> edit(const Caller& caller, const WomanId& woman, Demographics said,
                          Circumstances at = {});

    /// The two are the same woman. From now on both ids find her. Warned of is what differs
    /// between them: "link_other_number", "link_other_birth_date", "link_other_sex"; and doses of
    /// the one that count no more beside those of the other: "dose_loses_place"; and what is owed
    /// to her that ends by it, or begins ("link_ends_actions", "link_opens_actions"). Errors:
    /// forbidden, also where the clinic has to do with neither; not_found; conflict, if they are
    /// linked already; invalid_input, if it is one id twice.
    Result<Recorded> link(const Caller& caller, const WomanId& one, const WomanId& other,
                          const std::string& because);
    /// Errors: as link(); conflict, if they are not linked.
    Result<Recorded> unlink(const Caller& caller, const WomanId& one, const WomanId& other,
                            const std::string& because);

    /// What she would be warned of before `who` is added. The audit notes whom she is told of.
    std::vector<Warning> duplicates_of(const Caller& caller, const Demographics& who);

    /// Who she is, for edit() to change it, and not to be shown.
    /// Errors: not_found, if nobody with that id is registered here.
    struct Known {
        WomanId woman;
        Demographics who;
        std::vector<WhoField> disputed;  // To be said anew even as they are.
    };

    Result<Known> load_known(const Caller& caller, const WomanId& woman);

private:
    std::vector<Warning> find_duplicates(const Demographics& who);
    std::vector<WomanId> same_number(const Identifier& identifier);
    std::vector<WomanId> same_name_and_birth(const Demographics& who);
    Result<Recorded> say_of_two(const Caller& caller, Draft draft);

    Clinic& clinic_;
};

}  // namespace egret::service
