#pragma once

namespace egret::console {

/// From now on nothing of this process's memory gets into a core dump, and no other process of this
/// user may look into it. For the beginning of main.
/// Throws std::system_error if the system refuses.
void keep_memory_private();

}  // namespace egret::console
