// A corpus: the sequences that a model is trained on, and others, held out, that it must not see
// before it is asked how well it predicts them.
#pragma once

#include "text/grammar.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace whirlygig {

struct Corpus {
    std::string name;                  // of the folder, or of the file without its extension
    std::vector<std::string> train;    // lines: a sequence each; otherwise one long text
    std::vector<std::string> held_out; // the same
    bool lines = true;
    std::optional<Grammar> grammar; // when the folder has one
};

inline constexpr std::uint64_t largest_corpus_file = std::uint64_t{256} << 20; // 256 MiB

// Reads a folder with train.txt and held_out.txt (a sequence a line; blank lines are skipped) and
// perhaps grammar.json, or a single UTF-8 text file, the last tenth of whose characters is held
// out. A byte order mark is dropped, and Windows line ends become single ones. Throws an Error
// that names the file: not there, larger than 256 MiB, not UTF-8 (with the byte), empty, a
// sequence of one character or a text of fewer than 20 (which leave nothing to predict).
Corpus read_corpus(const std::filesystem::path& path);

// Draws train.txt and held_out.txt from the folder's grammar.json, as many lines and with the seed
// that its "files" say: the same file gives the same lines. No line of held_out.txt is in
// train.txt. Throws an Error that names the folder or file: no grammar, no "files" in it, more
// than `most_bytes` of lines, a grammar with too few sequences to hold any out.
void draw_corpus(const std::filesystem::path& folder,
                 std::uint64_t most_bytes = largest_corpus_file);

} // namespace whirlygig
