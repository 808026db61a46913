// Files, read whole and written whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

inline constexpr std::uint64_t default_size_limit = std::uint64_t{4} << 30; // 4 GiB

// The bytes of a regular file, as many as it had when it was opened. Throws an Error that names
// the file when there is none, when it is a folder, a device or a pipe, when it may not be read,
// when it has more than `size_limit` bytes, and when the disk fails.
std::string read_file(const std::filesystem::path& path,
                      std::uint64_t size_limit = default_size_limit);

// Replaces the content of a file, or creates it. Whoever opens `path` finds either all of the old
// content or all of the new one, at any moment and after any crash or power cut: the bytes go to
// a temporary name in the same folder and are flushed to the disk, and only then is the name
// changed. Links are followed; permissions stay as they were. Throws an Error that names the file,
// the reason and what to do; the old content is untouched then and the temporary file removed.
// (Only a killed process leaves its temporary file, .whirlygig-….tmp, which may be deleted.)
void write_file(const std::filesystem::path& path, std::string_view content);

// The same for content in several pieces, written one after the other, so that a large file need
// not be put together in memory first.
void write_pieces(const std::filesystem::path& path, const std::vector<std::string_view>& pieces);

} // namespace whirlygig
