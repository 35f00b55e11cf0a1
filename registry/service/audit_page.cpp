#include "registry/service/audit_page.h"

#include <algorithm>

namespace egret::service {
namespace {

bool is_asked_for(const audit::Entry& entry, const AuditQuestion& question,
                  const std::vector<WomanId>& ids) {
    if (question.user && entry.user != *question.user) return false;
    if (question.from && entry.day < *question.from) return false;
    if (question.to && entry.day > *question.to) return false;
    if (!question.woman) return true;
    return std::any_of(entry.women.begin(), entry.women.end(), [&](const WomanId& one) {
        return std::find(ids.begin(), ids.end(), one) != ids.end();
    });
}

}  // namespace

Result<AuditPage> show_audit(Clinic& clinic, const Caller& caller, const AuditQuestion& question) {
    if (caller.role != Role::lead)
        return Error{ErrorCode::forbidden, "", msg("audit.only_for_lead")};
    const auto ids = question.woman ? clinic.linked_ids(*question.woman) : std::vector<WomanId>();
    AuditPage page;
    clinic.audit().read_back([&](audit::Entry entry) {
        if (!is_asked_for(entry, question, ids)) return true;
        page.has_more = page.entries.size() == question.limit;
        if (!page.has_more) page.entries.push_back(std::move(entry));
        return !page.has_more;
    });
    std::reverse(page.entries.begin(), page.entries.end());
    Access access{audit::Action::audit_shown};
    if (question.woman) access.women.push_back(*question.woman);
    for (const auto& entry : page.entries)
        access.women.insert(access.women.end(), entry.women.begin(), entry.women.end());
    clinic.note(caller, access);
    return page;
}

}  // namespace egret::service
