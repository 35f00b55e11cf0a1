#pragma once

#include "registry/keys/sealing_chip.h"

#include <string>

namespace egret::keys {

/// A TPM 2.0, through the programs of Debian's tpm2-tools. What is sealed is bound to the chip and
/// not to what was started on the machine: whoever has the whole machine can have it unsealed.
class Tpm2Tools final : public SealingChip {
public:
    /// `programs` is the folder in which the programs are. Which chip they speak to is
    /// TPM2TOOLS_TCTI's to say, or else the machine's own.
    explicit Tpm2Tools(std::string programs = "/usr/bin") : programs_(std::move(programs)) {}

    Result<Bytes> seal(ByteView secret) override;
    Result<crypto::Secret> unseal(ByteView sealed) override;

private:
    std::string programs_;
};

}  // namespace egret::keys
