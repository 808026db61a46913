#include "text/corpus.h"

#include "error.h"
#include "files/file.h"
#include "text/utf8.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace whirlygig {

namespace {

namespace fs = std::filesystem;

// The text of a file as UTF-8, without a byte order mark and with single line ends.
std::string read_text(const fs::path& path) {
    std::string text = read_file(path, largest_corpus_file);
    if (const auto offset = first_invalid_byte(text))
        fail("{}: byte {} (counted from 0) is not valid UTF-8; save the file as UTF-8",
             path.string(), *offset);
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    std::size_t kept = 0;
    for (std::size_t offset = 0; offset < text.size(); ++offset) {
        if (text.compare(offset, 2, "\r\n") != 0) text[kept++] = text[offset];
    }
    text.resize(kept);
    return text;
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t offset = 0; offset < text.size(); ++count)
        next_code_point(text, offset);
    return count;
}

bool is_blank(std::string_view text) {
    std::size_t offset = 0;
    while (offset < text.size()) {
        if (!is_white_space(next_code_point(text, offset))) return false;
    }
    return true;
}

std::vector<std::string> read_lines(const fs::path& path) {
    const std::string text = read_text(path);
    std::vector<std::string> lines;
    std::size_t number = 0;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        const std::string line = text.substr(start, end - start);
        start = end + 1;
        ++number;
        if (is_blank(line)) continue;
        if (count_characters(line) < 2)
            fail("{}: line {} is the single character {}, which leaves nothing to predict",
                 path.string(), number, in_quotes(line));
        lines.push_back(line);
    }
    if (lines.empty()) fail("{} is empty; it needs a sequence on each line", path.string());
    return lines;
}

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

// The last part of the path, also for "data/creatures/" and for ".".
fs::path last_part(const fs::path& path) {
    std::error_code ignored;
    return fs::weakly_canonical(path, ignored).filename();
}

Corpus read_folder(const fs::path& folder) {
    for (const char* file : {"train.txt", "held_out.txt"}) {
        if (!is_there(folder / file))
            fail("{} has no {}; a corpus folder holds train.txt and held_out.txt, a sequence on "
                 "each line, and perhaps grammar.json",
                 folder.string(), file);
    }
    Corpus corpus;
    corpus.name = last_part(folder).string();
    corpus.train = read_lines(folder / "train.txt");
    corpus.held_out = read_lines(folder / "held_out.txt");
    if (fs::exists(folder / "grammar.json")) corpus.grammar = read_grammar(folder / "grammar.json");
    return corpus;
}

// The last tenth is held out, counted in characters so that the cut never splits one.
Corpus read_long_text(const fs::path& path) {
    const std::string text = read_text(path);
    if (is_blank(text)) fail("{} is empty; it needs some text", path.string());
    const std::size_t characters = count_characters(text);
    if (characters < 20)
        fail("{} has {} characters; it needs at least 20, so that the tenth that is held out has "
             "something to predict",
             path.string(), characters);
    std::size_t cut = 0;
    for (std::size_t kept = characters - characters / 10; kept > 0; --kept)
        next_code_point(text, cut);
    Corpus corpus;
    corpus.name = last_part(path).stem().string();
    corpus.train = {text.substr(0, cut)};
    corpus.held_out = {text.substr(cut)};
    corpus.lines = false;
    return corpus;
}

// Draws lines, none of them one of those to avoid, and returns them with their line ends.
std::string draw_lines(const Grammar& grammar, std::size_t count, std::uint64_t most_bytes,
                       Random random, const std::set<std::string>& avoid) {
    constexpr int most_draws = 10'000; // for one line
    std::string lines;
    for (std::size_t number = 0; number < count; ++number) {
        std::string line = grammar.draw_text(random);
        for (int draws = 1; avoid.contains(line); ++draws) {
            if (draws == most_draws)
                fail("{} draws in a row are all in train.txt already; the grammar has too few "
                     "sequences to hold any out, so draw fewer train_lines or add words",
                     most_draws);
            line = grammar.draw_text(random);
        }
        lines += line + "\n";
        if (lines.size() > most_bytes)
            fail("{} lines are more than {} bytes; draw fewer", count, most_bytes);
    }
    return lines;
}

std::set<std::string> distinct_lines(const std::string& text) {
    std::set<std::string> lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = text.find('\n', start);
        lines.insert(text.substr(start, end - start));
        start = end + 1;
    }
    return lines;
}

} // namespace

Corpus read_corpus(const fs::path& path) {
    if (!is_there(path))
        fail("there is no file or folder {}; name a corpus folder or a text file", path.string());
    std::error_code ignored;
    return fs::is_directory(path, ignored) ? read_folder(path) : read_long_text(path);
}

void draw_corpus(const fs::path& folder, std::uint64_t most_bytes) {
    const fs::path path = folder / "grammar.json";
    const Grammar grammar = read_grammar(path);
    try {
        if (!grammar.files)
            fail("there is no \"files\" that says how many train_lines and held_out_lines to draw, "
                 "and with which seed");
        const auto [train_lines, held_out_lines, seed] = *grammar.files;
        const std::string train = draw_lines(grammar, train_lines, most_bytes, Random(seed, 0), {});
        const std::string held_out =
            draw_lines(grammar, held_out_lines, most_bytes, Random(seed, 1), distinct_lines(train));
        write_file(folder / "train.txt", train);
        write_file(folder / "held_out.txt", held_out);
    } catch (const Error& error) {
        fail("{}: {}", path.string(), error.what());
    }
}

} // namespace whirlygig
