// A grammar is a file, data/NAME/grammar.json, that says how the sequences of a corpus come about:
// so new ones can be drawn, and how well a model can possibly predict them can be computed.
//
//     {
//       "about": "what a reader should know; a text or a list of lines",
//       "kind": "sentences",
//       "files": {"train_lines": 4000, "held_out_lines": 500, "seed": 1},
//       "sentence": "CLAUSE and CLAUSE .",
//       "phrases": {
//         "CLAUSE": "the [SIZE] (TEXTURE | COLOUR | TEXTURE COLOUR) NOUN VERB in the PLACE"
//       },
//       "words": {
//         "SIZE": ["tiny", "huge"],
//         "TEXTURE": {"nice": ["fluffy", "woolly"], "scary": ["spiky", "scaly"]}, ...
//       },
//       "different": ["NOUN"],
//       "follows": {
//         "VERB": {"from": ["TEXTURE", "COLOUR"],
//                  "table": {"nice blue": "floated", "nice -": "purred", ...}},
//         "PLACE": {"from": ["NOUN"], "table": {"dragon": "mountain", ...}}
//       }
//     }
//
// sentence, phrases  patterns: see pattern.h
// words              the word sets; a word is drawn evenly from all of a set's words. A set may be
//                    grouped into classes, {"nice": [...], "scary": [...]}, of which rules speak
// different          these word sets never give the same word twice in one sentence
// follows            words that are not drawn but follow from others of the same phrase. The
//                    table's key is, for each name in "from", the class of the word that the phrase
//                    has (the word itself where the set has no classes; - where the phrase has
//                    none). first.VERB, for a phrase first:CLAUSE, looks at that phrase instead
// files              how draw_corpus makes train.txt and held_out.txt
//
// Two other kinds have no patterns (see symbol_grammar.h); "words" is then one list:
//
//     "kind": "repeat", "words": ["a", "b", ...], "fewest": 5, "most": 15, "length": 33
//     "kind": "sort",   "words": ["0", "1", ...], "separator": ">", "count": 8
#pragma once

#include "text/sentence_grammar.h"
#include "text/symbol_grammar.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace whirlygig {

// How the files of a corpus are drawn from its grammar.
struct CorpusFiles {
    std::size_t train_lines = 0;
    std::size_t held_out_lines = 0;
    std::uint64_t seed = 0;
};

struct Grammar {
    std::string about;
    std::optional<CorpusFiles> files;
    std::variant<SentenceGrammar, RepeatGrammar, SortGrammar> kind;

    // A sequence, as its words or with a blank between them.
    std::vector<std::string> draw(Random& random) const;
    std::string draw_text(Random& random) const;

    // The exact entropy in nats per predicted token: no model can have a smaller expected loss.
    // The first token of a sequence is never predicted; of a sort, only the output is. Throws an
    // Error when a sentence may be drawn in two ways.
    double floor() const;

    std::size_t first_predicted() const; // the place of the first token that is predicted
    double expected_predicted() const;   // the expected number of predicted tokens of a sequence
    std::size_t longest() const;         // tokens of the longest sequence

    std::vector<std::string> words() const; // every word that can occur, sorted

    // The words of a word set or rule; of the other kinds, "SYMBOL" and "SEPARATOR". Throws an
    // Error for any other name.
    std::vector<std::string> words_of(const std::string& name) const;

    // The class of a word of a word set, empty when the set has no classes. Throws an Error when
    // there is no such set or the word is not in it.
    std::string class_of(const std::string& name, const std::string& word) const;
};

// Reads and checks a grammar. Throws an Error that names the file and what is wrong in it.
Grammar read_grammar(const std::filesystem::path& path);

// The same for the text of such a file.
Grammar parse_grammar(const std::string& text);

} // namespace whirlygig
