#include "sync/central/page_seal.h"

#include <variant>

namespace egret::central {

Bytes seal_page_for(const Device& device, sync::FeedPage page, const CentreKeys& keys,
                    Random& random) {
    for (auto& item : page.items) {
        auto* fact = std::get_if<sync::FeedFact>(&item);
        if (fact && fact->officer) fact->officer = sync::sign_officer(fact->header, keys.desk());
    }
    const sync::PageSeal seal{keys.centre_device(), 1, sync::EnvelopeSuite::aes_256_gcm,
                              device.keys.seal};
    return sync::seal_page(page, seal, keys.receipt(), random);
}

}  // namespace egret::central
