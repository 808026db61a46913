// From the text of a grammar file to a checked Grammar.
#include "error.h"
#include "files/file.h"
#include "files/json_file.h"
#include "files/strict_json.h"
#include "text/grammar.h"
#include "text/sentence_file.h"
#include "text/utf8.h"

#include <algorithm>

namespace whirlygig {

namespace {

using nlohmann::json;

constexpr std::uint64_t size_limit = 1 << 20;
constexpr std::uint64_t most_lines = 1'000'000;
constexpr std::uint64_t longest_sequence = 4096;

std::vector<std::string> read_symbols(const json& file) {
    if (!file.contains("words")) fail("the grammar has no \"words\"");
    std::vector<std::string> symbols = checked_words(file["words"], "\"words\"");
    if (symbols.size() > most_words) fail("\"words\" has more than {} words", most_words);
    return symbols;
}

RepeatGrammar read_repeat(const json& file) {
    const std::string what = "the grammar";
    check_keys(file, what, {"about", "kind", "files", "words", "fewest", "most", "length"});
    RepeatGrammar grammar;
    grammar.symbols = read_symbols(file);
    grammar.fewest = whole_number_at(file, what, "fewest", 1, grammar.symbols.size());
    grammar.most = whole_number_at(file, what, "most", grammar.fewest, grammar.symbols.size());
    grammar.length = whole_number_at(file, what, "length", grammar.most + 1, longest_sequence);
    return grammar;
}

SortGrammar read_sort(const json& file) {
    const std::string what = "the grammar";
    check_keys(file, what, {"about", "kind", "files", "words", "separator", "count"});
    SortGrammar grammar;
    grammar.symbols = read_symbols(file);
    grammar.count = whole_number_at(file, what, "count", 1, longest_sequence / 2);
    text_at(file, what, "separator");
    grammar.separator = checked_word(file["separator"], "\"separator\"");
    const auto& symbols = grammar.symbols;
    if (std::find(symbols.begin(), symbols.end(), grammar.separator) != symbols.end())
        fail("the separator {} is one of the words", in_quotes(grammar.separator));
    return grammar;
}

CorpusFiles read_files(const json& value) {
    const std::string what = "\"files\"";
    check_keys(value, what, {"train_lines", "held_out_lines", "seed"});
    return {.train_lines = whole_number_at(value, what, "train_lines", 1, most_lines),
            .held_out_lines = whole_number_at(value, what, "held_out_lines", 1, most_lines),
            .seed = whole_number_at(value, what, "seed", 0, UINT64_MAX)};
}

// A text, or a list of lines.
std::string read_about(const json& file) {
    const json about = file.value("about", json(""));
    if (about.is_string()) return about.get<std::string>();
    std::string text;
    for (const json& line : about) {
        if (!about.is_array() || !line.is_string())
            fail("\"about\" must be a text or a list of texts");
        text += (text.empty() ? "" : "\n") + line.get<std::string>();
    }
    return text;
}

} // namespace

Grammar parse_grammar(const std::string& text) {
    const json file = parse_json(text, "the grammar", 16);
    if (!file.is_object()) fail("a grammar must be an object, {{...}}, but is {}", kind_of(file));
    const std::string kind = text_at(file, "the grammar", "kind");
    const std::string about = read_about(file);
    std::optional<CorpusFiles> files;
    if (file.contains("files")) files = read_files(file["files"]);
    if (kind == "sentences") return {about, files, SentenceGrammar(read_sentence_rules(file))};
    if (kind == "repeat") return {about, files, read_repeat(file)};
    if (kind == "sort") return {about, files, read_sort(file)};
    fail("there is no kind of grammar {}; known are sentences, repeat and sort", in_quotes(kind));
}

Grammar read_grammar(const std::filesystem::path& path) {
    const std::string text = read_file(path, size_limit);
    try {
        return parse_grammar(text);
    } catch (const Error& error) {
        fail("{}: {}", path.string(), error.what());
    }
}

} // namespace whirlygig
