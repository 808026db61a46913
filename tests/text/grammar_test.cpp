// The grammars of the corpora, checked against plain loops that write out every sentence of a
// corpus with its probability. The loops know the corpora; src/ does not.
#include "text/grammar.h"

#include "support/error_sentence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

using namespace whirlygig;

namespace {

using Words = std::vector<std::string>;

// Half a million sentences are many: in these tests a sentence is a string of one byte for each of
// its words, and a distribution says how likely each sentence is.
using Distribution = std::unordered_map<std::string, double>;

Words& known_words() {
    static Words words;
    return words;
}

Grammar grammar_of(const std::string& corpus) {
    return read_grammar(std::filesystem::path(WHIRLYGIG_CORPORA) / corpus / "grammar.json");
}

Words split(const std::string& text) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

std::string coded(const std::string& text) {
    std::string code;
    for (const std::string& word : split(text)) {
        Words& known = known_words();
        const auto found = std::find(known.begin(), known.end(), word);
        code += static_cast<char>(found - known.begin());
        if (found == known.end()) known.push_back(word);
        EXPECT_LE(known.size(), 128u) << "a byte can't number more words";
    }
    return code;
}

struct Clause {
    std::string code, noun, verb;
    double probability;
};

const Words nouns{"creature", "monster", "dragon", "robot", "kitten", "wizard"};
const Words places{"forest", "cave", "mountain", "city", "garden", "castle"};

std::string verb_of(const std::string& texture, const std::string& colour) {
    const bool nice = texture == "fluffy" || texture == "woolly";
    if (colour.empty()) return nice ? "purred" : "growled";
    if (texture.empty())
        return colour == "blue" ? "swam" : colour == "green" ? "climbed" : "glowed";
    if (nice) return colour == "blue" ? "floated" : colour == "green" ? "hopped" : "danced";
    return colour == "blue" ? "lurked" : colour == "green" ? "crawled" : "burned";
}

std::vector<Clause> clauses() {
    std::vector<Clause> all;
    for (const std::string size : {"", "tiny ", "huge "}) {
        for (const std::string texture : {"", "fluffy", "woolly", "spiky", "scaly"}) {
            for (const std::string colour : {"", "blue", "green", "red"}) {
                if (texture.empty() && colour.empty()) continue;
                for (std::size_t n = 0; n < nouns.size(); ++n) {
                    double p = (size.empty() ? 1.0 / 2 : 1.0 / 4) / 3 / 6;
                    if (!texture.empty()) p /= 4;
                    if (!colour.empty()) p /= 3;
                    const std::string verb = verb_of(texture, colour);
                    std::string text = "the " + size + texture;
                    text += (texture.empty() || colour.empty() ? "" : " ") + colour;
                    text += " " + nouns[n] + " " + verb + " in the " + places[n];
                    all.push_back({coded(text), nouns[n], verb, p});
                }
            }
        }
    }
    return all;
}

Distribution creatures() {
    const std::string conjunction = coded("and"), end = coded(".");
    const auto all = clauses();
    Distribution sentences;
    for (const Clause& a : all) {
        for (const Clause& b : all) {
            if (a.noun == b.noun) continue;
            sentences[a.code + conjunction + b.code + end] += a.probability * b.probability * 6 / 5;
        }
    }
    return sentences;
}

Distribution creatures_long() {
    const std::map<std::string, std::string> later{
        {"floated", "slept"}, {"hopped", "jumped"},  {"danced", "sang"},   {"lurked", "bit"},
        {"crawled", "dug"},   {"burned", "fought"},  {"purred", "smiled"}, {"growled", "scowled"},
        {"swam", "dived"},    {"climbed", "rested"}, {"glowed", "shone"}};
    const std::string conjunction = coded("and");
    const auto all = clauses();
    std::map<std::string, std::string> ends; // by noun and verb
    for (const Clause& one : all)
        ends[one.noun + one.verb] =
            coded(". later the " + one.noun + " " + later.at(one.verb) + " .");
    Distribution sentences;
    for (const Clause& a : all) {
        for (const Clause& b : all) {
            if (a.noun == b.noun) continue;
            const std::string both = a.code + conjunction + b.code;
            const double p = a.probability * b.probability * 6 / 5 / 2;
            sentences[both + ends[a.noun + a.verb]] += p;
            sentences[both + ends[b.noun + b.verb]] += p;
        }
    }
    return sentences;
}

const Words adjectives{"awful",   "broken", "flimsy", "dull",   "okay",
                       "average", "sturdy", "lovely", "superb", "great"};

// Adds every review of these products in this order, which has the probability p. `code` is what
// is said so far, of `place` products.
void add_reviews(Distribution& sentences, const Words& products, double p, std::size_t place,
                 const std::string& code, std::size_t stars) {
    static const Words codes = [] {
        Words all;
        for (const std::string& adjective : adjectives)
            all.push_back(coded(adjective));
        return all;
    }();
    if (place == products.size()) {
        static const std::string end = coded(". stars :"), numbers = coded("0 1 2 3 4 5");
        sentences[code + end + numbers[stars]] += p;
        return;
    }
    const bool ours = products[place] == "WhirlyGigs";
    const Words joiners = place == 0 ? Words{""} : Words{"and ", "but "};
    for (const std::string& joiner : joiners) {
        for (const std::string really : {"", " really"}) {
            const std::string start =
                code + coded(joiner + "the " + products[place] + " were" + really);
            for (std::size_t n = 0; n < adjectives.size(); ++n)
                add_reviews(sentences, products, p / 20 / static_cast<double>(joiners.size()),
                            place + 1, start + codes[n], ours ? n / 2 + 1 : stars);
        }
    }
}

Distribution reviews() {
    const Words others{"SpinTops", "ZoomCars", "BuzzBots"};
    Distribution sentences;
    for (const std::string& a : others) {
        for (std::size_t place = 0; place < 2; ++place) {
            Words two{a};
            two.insert(two.begin() + static_cast<long>(place), "WhirlyGigs");
            add_reviews(sentences, two, 1.0 / 2 / 2 / 3, 0, "", 0);
        }
        for (const std::string& b : others) {
            if (a == b) continue;
            for (std::size_t place = 0; place < 3; ++place) {
                Words three{a, b};
                three.insert(three.begin() + static_cast<long>(place), "WhirlyGigs");
                add_reviews(sentences, three, 1.0 / 2 / 3 / 6, 0, "", 0);
            }
        }
    }
    return sentences;
}

struct Summary {
    double total = 0, entropy = 0, predicted = 0;
    std::size_t longest = 0;
    std::map<char, double> first; // word -> probability
    double floor() const {
        double of_first = 0;
        for (const auto& [word, p] : first)
            of_first -= p * std::log(p);
        return (entropy - of_first) / predicted;
    }
};

Summary summary_of(const Distribution& sentences) {
    Summary summary;
    for (const auto& [sentence, p] : sentences) {
        summary.total += p;
        summary.entropy -= p * std::log(p);
        summary.predicted += p * static_cast<double>(sentence.size() - 1);
        summary.longest = std::max(summary.longest, sentence.size());
        summary.first[sentence[0]] += p;
    }
    return summary;
}

// Draws are Bernoulli trials; five standard deviations are left to chance once in two million.
void expect_share(double hits, double draws, double p, const std::string& what) {
    EXPECT_NEAR(hits / draws, p, 5 * std::sqrt(p * (1 - p) / draws)) << what;
}

// How often a sentence has a word at a place, counted from its start and from its end, and how
// often it has which length.
struct Shares {
    double from_start[32][128] = {}, from_end[32][128] = {}, length[32] = {};

    void add(const std::string& sentence, double p) {
        for (std::size_t place = 0; place < sentence.size(); ++place) {
            const auto word = static_cast<std::size_t>(sentence[place]);
            from_start[place][word] += p;
            from_end[sentence.size() - place][word] += p;
        }
        length[sentence.size()] += p;
    }
};

// Every draw must be a sentence of the distribution, and each word must be at each place as often
// as it should (compared where that is at least 25 times).
void expect_draws_from(const Grammar& grammar, const Distribution& sentences, std::uint64_t seed) {
    constexpr double draws = 20'000;
    Shares expected, drawn;
    for (const auto& [sentence, p] : sentences)
        expected.add(sentence, p);
    Random random(seed);
    for (int draw = 0; draw < draws; ++draw) {
        const std::string text = grammar.draw_text(random), code = coded(text);
        ASSERT_TRUE(sentences.contains(code)) << text;
        drawn.add(code, 1);
    }
    int compared = 0;
    const auto compare = [&](double hits, double p, const std::string& what) {
        if (p * draws < 25) return;
        expect_share(hits, draws, std::min(p, 1.0), what);
        ++compared;
    };
    for (std::size_t place = 0; place < 32; ++place) {
        const std::string where = " at " + std::to_string(place);
        compare(drawn.length[place], expected.length[place], "length" + where);
        for (std::size_t word = 0; word < known_words().size(); ++word) {
            const std::string what = known_words()[word] + where;
            compare(drawn.from_start[place][word], expected.from_start[place][word], what);
            compare(drawn.from_end[place][word], expected.from_end[place][word], what + " to go");
        }
    }
    EXPECT_GT(compared, 200);
}

void expect_numbers(const Grammar& grammar, const Distribution& sentences, double floor,
                    std::size_t longest, std::size_t words) {
    const Summary oracle = summary_of(sentences);
    ASSERT_NEAR(oracle.total, 1, 1e-9);
    EXPECT_NEAR(oracle.floor(), floor, 5e-5); // the published number, of four digits
    EXPECT_NEAR(grammar.floor(), oracle.floor(), 1e-9);
    EXPECT_NEAR(grammar.expected_predicted(), oracle.predicted, 1e-9);
    EXPECT_EQ(oracle.longest, longest);
    EXPECT_EQ(grammar.longest(), longest);
    EXPECT_EQ(grammar.first_predicted(), 1u);
    std::set<std::string> seen;
    for (const auto& [sentence, p] : sentences) {
        for (const char word : sentence)
            seen.insert(known_words()[static_cast<std::size_t>(word)]);
    }
    EXPECT_EQ(seen.size(), words);
    EXPECT_EQ(grammar.words(), Words(seen.begin(), seen.end()));
}

} // namespace

TEST(Grammar, Creatures) {
    const Grammar grammar = grammar_of("creatures");
    const Distribution sentences = creatures();
    EXPECT_EQ(sentences.size(), 97'470u); // 57 · 57 · 30
    expect_numbers(grammar, sentences, 0.6595, 20, 36);
    expect_draws_from(grammar, sentences, 11);
}

TEST(Grammar, CreaturesLong) {
    const Grammar grammar = grammar_of("creatures_long");
    const Distribution sentences = creatures_long();
    expect_numbers(grammar, sentences, 0.5393, 25, 48);
    expect_draws_from(grammar, sentences, 12);
}

TEST(Grammar, Reviews) {
    const Grammar grammar = grammar_of("reviews");
    const Distribution sentences = reviews();
    EXPECT_EQ(sentences.size(), 580'800u); // 2·3·20²·2 + 3·6·20³·4
    expect_numbers(grammar, sentences, 0.7342, 21, 27);
    expect_draws_from(grammar, sentences, 13);
}

TEST(Grammar, Induction) {
    const Grammar grammar = grammar_of("induction");
    double entropy = 0; // every sequence with k symbols has the probability (24 - k)! / 24! / 11
    for (int k = 5; k <= 15; ++k)
        entropy += (std::lgamma(25) - std::lgamma(25 - k) + std::log(11)) / 11;
    EXPECT_NEAR(grammar.floor(), (entropy - std::log(24)) / 32, 1e-12);
    EXPECT_NEAR(grammar.floor(), 0.8895, 5e-5);
    EXPECT_EQ(grammar.longest(), 33u);
    EXPECT_EQ(grammar.expected_predicted(), 32);
    EXPECT_EQ(grammar.words().size(), 24u);
    EXPECT_EQ(grammar.words_of("SYMBOL").front(), "a");
    EXPECT_EQ(grammar.words_of("SYMBOL").back(), "x");

    constexpr int draws = 11'000;
    std::map<std::string, int> first, second;
    std::map<std::size_t, int> numbers;
    Random random(14);
    for (int draw = 0; draw < draws; ++draw) {
        const Words words = grammar.draw(random);
        ASSERT_EQ(words.size(), 33u);
        const std::size_t k = std::set<std::string>(words.begin(), words.end()).size();
        for (std::size_t place = k; place < words.size(); ++place)
            ASSERT_EQ(words[place], words[place - k]);
        ++numbers[k];
        ++first[words[0]];
        ++second[words[1]];
    }
    EXPECT_EQ(numbers.begin()->first, 5u);
    EXPECT_EQ(numbers.rbegin()->first, 15u);
    for (std::size_t k = 5; k <= 15; ++k)
        expect_share(numbers[k], draws, 1.0 / 11, "symbols: " + std::to_string(k));
    for (char symbol = 'a'; symbol <= 'x'; ++symbol) {
        expect_share(first[std::string(1, symbol)], draws, 1.0 / 24, "first");
        expect_share(second[std::string(1, symbol)], draws, 1.0 / 24, "second");
    }
}

TEST(Grammar, Sorting) {
    const Grammar grammar = grammar_of("sorting");
    EXPECT_EQ(grammar.floor(), 0);
    EXPECT_EQ(grammar.longest(), 17u);
    EXPECT_EQ(grammar.first_predicted(), 9u);
    EXPECT_EQ(grammar.expected_predicted(), 8);
    EXPECT_EQ(grammar.words(), split("0 1 2 3 4 5 6 7 8 9 >"));
    EXPECT_EQ(grammar.words_of("SEPARATOR"), Words{">"});

    constexpr int draws = 5'000;
    std::map<std::string, int> counts;
    Random random(15);
    for (int draw = 0; draw < draws; ++draw) {
        const Words words = grammar.draw(random);
        ASSERT_EQ(words.size(), 17u);
        ASSERT_EQ(words[8], ">");
        Words input(words.begin(), words.begin() + 8);
        ASSERT_EQ(std::multiset<std::string>(input.begin(), input.end()),
                  std::multiset<std::string>(words.begin() + 9, words.end()));
        for (std::size_t place = 10; place < 17; ++place)
            ASSERT_LE(words[place - 1], words[place]);
        for (const std::string& digit : input)
            ++counts[digit];
    }
    ASSERT_EQ(counts.size(), 10u);
    for (const auto& [digit, count] : counts)
        expect_share(count, draws * 8, 0.1, digit);
}

TEST(Grammar, WordClassesCanBeAskedFor) {
    const Grammar grammar = grammar_of("creatures_long");
    EXPECT_EQ(grammar.words_of("NOUN"), nouns);
    EXPECT_EQ(grammar.words_of("SIZE"), (Words{"tiny", "huge"}));
    EXPECT_EQ(grammar.words_of("VERB").size(), 11u);
    EXPECT_EQ(grammar.class_of("TEXTURE", "woolly"), "nice");
    EXPECT_EQ(grammar.class_of("TEXTURE", "spiky"), "scary");
    EXPECT_EQ(grammar.class_of("COLOUR", "red"), "");
    EXPECT_EQ(grammar.class_of("VERB", "swam"), "");
    expect_contains(error_sentence([&] { grammar.words_of("NOUNS"); }), "\"NOUNS\"");
    expect_contains(error_sentence([&] { grammar.class_of("COLOUR", "pink"); }), "\"pink\"");
    EXPECT_EQ(grammar_of("reviews").words_of("ADJECTIVE").size(), 10u);
    EXPECT_EQ(grammar_of("reviews").class_of("ADJECTIVE", "lovely"), "four");
    EXPECT_THROW(grammar_of("sorting").words_of("NOUN"), Error);
    EXPECT_THROW(grammar_of("induction").words_of("SEPARATOR"), Error);
}

TEST(Grammar, TheSameSeedDrawsTheSame) {
    for (const char* name : {"creatures", "reviews", "induction", "sorting"}) {
        const Grammar grammar = grammar_of(name);
        Random one(7), same(7), other(8);
        const std::string text = grammar.draw_text(one);
        EXPECT_EQ(text, grammar.draw_text(same));
        EXPECT_NE(text, grammar.draw_text(other));
    }
}

namespace {

Grammar small(const std::string& sentence, const std::string& more) {
    return parse_grammar(R"({"kind": "sentences", "sentence": ")" + sentence + "\"" + more + "}");
}
const std::string two_sets = R"(, "words": {"AA": ["x", "y"], "BB": ["p", "q", "r"]})";

} // namespace

// The first word is given, not predicted: its entropy does not count.
TEST(Grammar, AFloorLeavesOutTheFirstWord) {
    Distribution sentences;
    for (const std::string b : {"p", "q", "r"}) {
        sentences[coded(b + " end")] += 1.0 / 2 / 3;
        for (const std::string a : {"x ", "y "})
            sentences[coded(a + b + " end")] += 1.0 / 2 / 2 / 3;
    }
    const Grammar grammar = small("[AA] BB end", two_sets);
    EXPECT_NEAR(grammar.floor(), summary_of(sentences).floor(), 1e-12);
    EXPECT_NEAR(grammar.expected_predicted(), 1.5, 1e-12);
    EXPECT_GT(grammar.floor(), 0.1);
}

TEST(Grammar, AnAlternativeThatIsThereTwiceIsTwiceAsLikely) {
    const Grammar grammar = small("go (AA | AA | BB)", two_sets);
    Distribution sentences;
    for (const std::string a : {"go x", "go y"})
        sentences[coded(a)] = 2.0 / 3 / 2;
    for (const std::string b : {"go p", "go q", "go r"})
        sentences[coded(b)] = 1.0 / 3 / 3;
    EXPECT_NEAR(grammar.floor(), summary_of(sentences).floor(), 1e-12);
    Random random(16);
    int hits = 0;
    for (int draw = 0; draw < 3000; ++draw)
        hits += grammar.draw(random)[1] < "r" ? 0 : 1; // r, x or y
    expect_share(hits, 3000, 2.0 / 3 + 1.0 / 9, "r, x or y");
}

TEST(Grammar, RulesLookAtTheirOwnPhraseOnly) {
    const Grammar grammar = small("one:PH TT TWO one.TT", R"(,
        "phrases": {"PH": "[AA] s", "TWO": "TT"},
        "words": {"AA": {"big": ["x", "y"], "small": ["z"]}},
        "follows": {"TT": {"from": ["AA"], "table": {"big": "B", "small": "S", "-": "N"}}})");
    // The sentence's own TT sees the AA in the phrase PH, which is part of the sentence.
    const std::set<std::string> possible{"x s B N B", "y s B N B", "z s S N S", "s N N N"};
    std::set<std::string> drawn;
    Random random(17);
    for (int draw = 0; draw < 200; ++draw)
        drawn.insert(grammar.draw_text(random));
    EXPECT_EQ(drawn, possible);
    EXPECT_EQ(grammar.words(), split("B N S s x y z"));
}

TEST(Grammar, CopiesRepeatTheWord) {
    const Grammar grammar = small("a:AA b:BB a.AA b.BB", two_sets);
    Random random(18);
    for (int draw = 0; draw < 100; ++draw) {
        const Words words = grammar.draw(random);
        ASSERT_EQ(words[0], words[2]);
        ASSERT_EQ(words[1], words[3]);
    }
    EXPECT_NEAR(grammar.floor(), std::log(3) / 3, 1e-12);
}

// "a y" is drawn as AA or as CC: counting ways of drawing would give too high a floor.
TEST(Grammar, AFloorThatCannotBeComputedIsRefused) {
    const std::string overlap = R"(, "words": {"AA": ["x", "y"], "CC": ["y", "z"]})";
    const Grammar grammar = small("a (AA | CC)", overlap);
    const auto sentence = error_sentence([&] { grammar.floor(); });
    expect_contains(sentence, "\"a AA\"");
    expect_contains(sentence, "\"a CC\"");
    Random random(19);
    EXPECT_EQ(grammar.draw(random).size(), 2u);
    EXPECT_THROW(small("a [AA] CC [CC]", overlap).floor(), Error);
    EXPECT_NO_THROW(small("a [AA] CC b", overlap).floor()); // the lengths differ
}

// Two copies are told apart only when the words that they copy must differ.
TEST(Grammar, CopiesOfDifferentWordsAreNotAmbiguous) {
    const std::string sentence = "a:AA and b:AA ; (a.AA | b.AA)";
    EXPECT_THROW(small(sentence, two_sets).floor(), Error);
    const Grammar grammar = small(sentence, two_sets + R"(, "different": ["AA"])");
    Distribution sentences; // x or y first, the other second, then one of them
    for (const std::string pair : {"x and y ;", "y and x ;"}) {
        for (const std::string copy : {" x", " y"})
            sentences[coded(pair + copy)] = 1.0 / 4;
    }
    EXPECT_NEAR(grammar.floor(), summary_of(sentences).floor(), 1e-12);
}

TEST(Grammar, RepeatsOfAnySizeAgreeWithEnumeration) {
    const Grammar grammar = parse_grammar(
        R"({"kind": "repeat", "words": ["a", "b", "c", "d"],
            "fewest": 1, "most": 3, "length": 5})");
    Distribution sequences;
    const Words all{"a", "b", "c", "d"};
    const auto add = [&](const Words& symbols, double p) {
        std::string text;
        for (std::size_t place = 0; place < 5; ++place)
            text += (place == 0 ? "" : " ") + symbols[place % symbols.size()];
        sequences[coded(text)] += p;
    };
    for (const auto& a : all) {
        add({a}, 1.0 / 3 / 4);
        for (const auto& b : all) {
            if (a == b) continue;
            add({a, b}, 1.0 / 3 / 12);
            for (const auto& c : all) {
                if (a != c && b != c) add({a, b, c}, 1.0 / 3 / 24);
            }
        }
    }
    ASSERT_NEAR(summary_of(sequences).total, 1, 1e-12);
    EXPECT_NEAR(grammar.floor(), summary_of(sequences).floor(), 1e-12);
}
