#include "embedding.h"

#include "support/embedding_mistakes.h"
#include "support/finite_differences.h"
#include "support/matrices.h"
#include "support/plain_loops.h"
#include "support/pytorch_numbers.h"
#include "support/way_back_mistakes.h"

using namespace whirlygig;
using namespace support;

namespace {

const Grid token_table = {{1, 2, 3}, {10, 20, 30}, {100, 200, 300}, {7, 8, 9}}; // V = 4, d = 3
const Grid position_table = {{0.5, 0, 0}, {0, 0.5, 0}, {0, 0, 0.5}, {5, 5, 5}, {6, 6, 6}};

EmbeddingParameters make_parameters() {
    return {to_matrix(token_table), to_matrix(position_table)};
}

using Places = std::vector<std::size_t>; // ids, for the plain loops

std::string written_ids(const Places& ids) {
    return fmt::format("given ids: {}\n", fmt::join(ids, ", "));
}

Grid random_grid(std::size_t rows, std::size_t columns) {
    Random random(10 * rows + columns);
    return to_grid(random_matrix(random, rows, columns));
}

// `rows` may hold anything before; afterwards it holds what the next call finds there.
void try_tokens(Teacher& teacher, const Places& ids, const Grid& table, Matrix& rows) {
    const Matrix matrix = to_matrix(table);
    const std::vector<int> numbers(ids.begin(), ids.end());
    teacher.try_out({written_ids(ids) + shown({{"token table", table}}),
                     mistakes::rows_of(table, ids),
                     mistakes::look_up_tokens(ids, table, to_grid(rows))},
                    rows, [&] { look_up_tokens(numbers, matrix, rows); });
}

void try_positions(Teacher& teacher, std::size_t first, std::size_t count, const Grid& table,
                   Matrix& rows) {
    const Matrix matrix = to_matrix(table);
    teacher.try_out({fmt::format("given first_place: {}, count: {}\n", first, count) +
                         shown({{"position table", table}}),
                     mistakes::rows_of(table, mistakes::counted_from(first, count)),
                     mistakes::look_up_positions(first, count, table, to_grid(rows))},
                    rows, [&] { look_up_positions(first, count, matrix, rows); });
}

struct Tables {
    Grid token, position;
};

void try_embedding(Teacher& teacher, const Places& ids, std::size_t first, const Tables& tables,
                   EmbeddingActivations& record) {
    const EmbeddingParameters parameters{to_matrix(tables.token), to_matrix(tables.position)};
    const std::vector<int> numbers(ids.begin(), ids.end());
    const mistakes::Embedded before{to_grid(record.tokens), to_grid(record.positions),
                                    to_grid(record.sum)};
    const mistakes::Embedded expected = mistakes::embedded(
        mistakes::rows_of(tables.token, ids),
        mistakes::rows_of(tables.position, mistakes::counted_from(first, ids.size())));
    const auto known =
        mistakes::embedding_forward(ids, first, tables.token, tables.position, before);
    const std::string given =
        written_ids(ids) + fmt::format("given first_place: {}\n", first) +
        shown({{"token table", tables.token}, {"position table", tables.position}});
    if (!teacher.runs(given, [&] { embedding_forward(numbers, first, parameters, record); }))
        return;
    const auto compare = [&](const std::string& name, const Matrix& got,
                             Grid mistakes::Embedded::*stage) {
        NumbersExample example{given + "activations." + name + ":\n", expected.*stage, {}};
        for (const auto& mistake : known)
            example.mistakes.push_back({mistake.sentence, mistake.output.*stage});
        teacher.compare(example, to_grid(got), before.*stage);
    };
    compare("tokens", record.tokens, &mistakes::Embedded::tokens);
    compare("positions", record.positions, &mistakes::Embedded::positions);
    compare("sum", record.sum, &mistakes::Embedded::sum);
}

} // namespace

TEST(LookUpTokens, EachTokenBecomesTheRowOfItsId) {
    Teacher teacher("look_up_tokens");
    Matrix rows(3, 3, 50);
    try_tokens(teacher, {2, 0, 2}, token_table, rows);
    rows = Matrix(2, 3, 50);
    try_tokens(teacher, {1, 2}, token_table, rows);
    rows = Matrix(5, 2, 50);
    try_tokens(teacher, {6, 1, 6, 5, 0}, random_grid(7, 2), rows);
    rows = Matrix(1, 4, 50);
    try_tokens(teacher, {3}, random_grid(9, 4), rows);
    rows = Matrix(6, 1, 50);
    try_tokens(teacher, {0, 1, 1, 0, 1, 1}, random_grid(2, 1), rows);
    rows = Matrix(4, 5, 50);
    try_tokens(teacher, {4, 3, 1, 3}, random_grid(5, 5), rows);
}

TEST(LookUpTokens, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("look_up_tokens");
    Matrix rows; // has no rows at first, and later those of the call before
    try_tokens(teacher, {2, 0, 2}, token_table, rows);
    try_tokens(teacher, {6, 1, 6, 5, 0}, random_grid(7, 2), rows);
    try_tokens(teacher, {1}, random_grid(7, 8), rows);
    rows = stale_matrix(4, 3);
    try_tokens(teacher, {3, 0, 0, 1}, token_table, rows);
    try_tokens(teacher, {3, 2}, token_table, rows);
}

TEST(LookUpPositions, EachPlaceBecomesItsRow) {
    Teacher teacher("look_up_positions");
    Matrix rows(2, 3, 50);
    try_positions(teacher, 0, 2, position_table, rows);
    rows = Matrix(3, 3, 50);
    try_positions(teacher, 2, 3, position_table, rows);
    rows = Matrix(4, 2, 50);
    try_positions(teacher, 3, 4, random_grid(9, 2), rows);
    rows = Matrix(1, 7, 50);
    try_positions(teacher, 5, 1, random_grid(8, 7), rows);
    rows = Matrix(6, 1, 50);
    try_positions(teacher, 0, 6, random_grid(6, 1), rows);
}

TEST(LookUpPositions, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("look_up_positions");
    Matrix rows; // has no rows at first, and later those of the call before
    try_positions(teacher, 1, 2, position_table, rows);
    try_positions(teacher, 2, 5, random_grid(9, 2), rows);
    try_positions(teacher, 7, 1, random_grid(9, 4), rows);
    rows = stale_matrix(3, 3);
    try_positions(teacher, 1, 3, position_table, rows);
    try_positions(teacher, 3, 2, position_table, rows);
}

TEST(EmbeddingForward, TheStreamStartsAsTokensPlusPositions) {
    Teacher teacher("embedding_forward");
    EmbeddingActivations record;
    try_embedding(teacher, {1, 1, 3}, 0, {token_table, position_table}, record);
    try_embedding(teacher, {1, 0, 6, 5}, 0, {random_grid(7, 2), random_grid(8, 2)}, record);
    try_embedding(teacher, {2}, 0, {random_grid(3, 5), random_grid(4, 5)}, record);
    try_embedding(teacher, {0, 1, 1}, 0, {random_grid(2, 1), random_grid(3, 1)}, record);
    record = {Matrix(3, 3, 50), Matrix(3, 3, 50), Matrix(3, 3, 50)};
    try_embedding(teacher, {3, 0, 2}, 0, {token_table, position_table}, record);
    record = {stale_matrix(3, 3), stale_matrix(3, 3), stale_matrix(3, 3)};
    try_embedding(teacher, {2, 2, 1}, 0, {token_table, position_table}, record);
}

TEST(LookUpTokens, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        Matrix rows;
        look_up_tokens(numbers.ids(), to_matrix(numbers.grid("transformer.wte.weight")), rows);
        expect_close(rows, numbers.grid("embedding.tokens"));
    }
}

TEST(LookUpPositions, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        Matrix rows;
        look_up_positions(0, numbers.ids().size(),
                          to_matrix(numbers.grid("transformer.wpe.weight")), rows);
        expect_close(rows, numbers.grid("embedding.positions"));
    }
}

TEST(EmbeddingForward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const EmbeddingParameters parameters{to_matrix(numbers.grid("transformer.wte.weight")),
                                             to_matrix(numbers.grid("transformer.wpe.weight"))};
        EmbeddingActivations activations;
        embedding_forward(numbers.ids(), 0, parameters, activations);
        expect_close(activations.sum, numbers.grid("embedding.sum"));
    }
}

TEST(EmbeddingForward, AContinuedTextGoesOnAtItsPlace) {
    Teacher teacher("embedding_forward");
    EmbeddingActivations record;
    try_embedding(teacher, {0, 3}, 3, {token_table, position_table}, record);
    try_embedding(teacher, {0, 2, 1}, 1, {token_table, position_table}, record);
    try_embedding(teacher, {4, 0, 4, 1}, 2, {random_grid(9, 2), random_grid(11, 2)}, record);
    try_embedding(teacher, {2}, 6, {random_grid(3, 5), random_grid(7, 5)}, record);
}

TEST(Embedding, UnknownTokensAreRefused) {
    Matrix rows;
    const Matrix table = to_matrix(token_table);
    expect_error(
        [&] {
            look_up_tokens({1, 0, 4}, table, rows);
        },
        {"token id 4", "place 2", "from 0 to 3"});
    expect_error([&] { look_up_tokens({1, -1}, table, rows); }, {"token id -1", "place 1"});
}

TEST(Embedding, ATextLongerThanTheContextIsRefused) {
    EmbeddingActivations activations;
    const EmbeddingParameters parameters = make_parameters();
    EXPECT_NO_THROW(embedding_forward({0, 1, 2, 3, 0}, 0, parameters, activations));
    expect_error(
        [&] {
            embedding_forward({0, 1, 2, 3, 0, 1}, 0, parameters, activations);
        },
        {"6 tokens", "context is 5"});
    expect_error([&] { embedding_forward({0}, 5, parameters, activations); },
                 {"6 tokens", "context is 5"});
}

TEST(Embedding, ATokenThatStandsTwiceCollectsBothGradients) {
    EmbeddingActivations gradients;
    gradients.sum = to_matrix({{1, 2, 3}, {10, 20, 30}, {100, 200, 300}});
    EmbeddingParameters gradient{Matrix(4, 3, 1), Matrix(5, 3, 2)}; // and adds to what was there
    embedding_backward({3, 0, 3}, gradients, gradient);
    expect_equal(gradient.token_table, {{11, 21, 31}, {1, 1, 1}, {1, 1, 1}, {102, 203, 304}});
    expect_equal(gradient.position_table,
                 {{3, 4, 5}, {12, 22, 32}, {102, 202, 302}, {2, 2, 2}, {2, 2, 2}});
    expect_equal(gradients.tokens, to_grid(gradients.sum));
    expect_equal(gradients.positions, to_grid(gradients.sum));
}

namespace {

// `record` may hold anything before; afterwards it holds what the next call finds there.
void try_backward(Teacher& teacher, const Places& ids, const Tables& start, std::uint64_t seed,
                  EmbeddingActivations& record) {
    Random random(seed);
    record.sum = random_matrix(random, ids.size(), start.token[0].size());
    const mistakes::TablesBack example{ids, to_grid(record.sum), start.token, start.position};
    EmbeddingParameters gradient{to_matrix(start.token), to_matrix(start.position)};
    const std::vector<int> numbers(ids.begin(), ids.end());
    const std::string given =
        written_ids(ids) + shown({{"gradients.sum", example.gradient},
                                  {"gradient.token_table, before", start.token},
                                  {"gradient.position_table, before", start.position}});
    if (!teacher.runs(given, [&] { embedding_backward(numbers, record, gradient); })) return;
    compare_parts(
        teacher,
        {given, mistakes::embedding_backward_right(example), mistakes::embedding_backward(example)},
        mistakes::tables_back(to_grid(record.tokens), to_grid(record.positions),
                              to_grid(gradient.token_table), to_grid(gradient.position_table)));
}

} // namespace

TEST(EmbeddingBackward, EachRowOfTheTablesCollectsWhatItsCopiesSendBack) {
    Teacher teacher("embedding_backward");
    EmbeddingActivations record;
    try_backward(teacher, {3, 0, 3}, {token_table, position_table}, 1, record);
    try_backward(teacher, {6, 1, 6, 6, 0}, {random_grid(7, 2), random_grid(9, 2)}, 2, record);
    try_backward(teacher, {2}, {random_grid(3, 5), random_grid(4, 5)}, 3, record);
    try_backward(teacher, {0, 1, 1, 0, 1}, {random_grid(2, 1), random_grid(5, 1)}, 4, record);
}

TEST(EmbeddingBackward, ATextAfterAnotherAddsToWhatIsThere) {
    Teacher teacher("embedding_backward");
    EmbeddingActivations record{stale_matrix(2, 3), stale_matrix(2, 3), stale_matrix(2, 3)};
    try_backward(teacher, {1, 1}, {plain::zeros(4, 3), plain::zeros(5, 3)}, 5, record);
    try_backward(teacher, {1, 2, 1, 1}, {token_table, position_table}, 6, record);
}

TEST(EmbeddingBackward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : {"case_a_untied", "case_c_full_context"}) {
        const PyTorchNumbers numbers(text);
        const Grid tokens = numbers.grid("gradient.transformer.wte.weight");
        const Grid positions = numbers.grid("gradient.transformer.wpe.weight");
        EmbeddingParameters gradient{Matrix(tokens.size(), tokens[0].size(), 0),
                                     Matrix(positions.size(), positions[0].size(), 0)};
        EmbeddingActivations gradients;
        gradients.sum = to_matrix(numbers.grid("gradient.embedding.sum"));
        embedding_backward(numbers.ids(), gradients, gradient);
        expect_close(gradient.token_table, tokens);
        expect_close(gradient.position_table, positions);
    }
}

TEST(Embedding, BackwardIsTheSlopeOfTheLookUp) {
    const std::vector<int> ids = {6, 1, 6, 6, 0};
    Random random(3);
    EmbeddingActivations gradients;
    gradients.sum = random_matrix(random, 5, 2);
    EmbeddingParameters gradient{Matrix(7, 2, 0), Matrix(9, 2, 0)};
    embedding_backward(ids, gradients, gradient);
    const auto loss = [&](const Grid& tokens, const Grid& positions) {
        Grid sum;
        for (std::size_t place = 0; place < ids.size(); ++place) {
            const auto& token = tokens[static_cast<std::size_t>(ids[place])];
            sum.push_back({token[0] + positions[place][0], token[1] + positions[place][1]});
        }
        return plain::weighted_sum(to_grid(gradients.sum), sum);
    };
    const Grid tokens = plain::zeros(7, 2), positions = plain::zeros(9, 2);
    expect_gradient(gradient.token_table,
                    slopes(tokens, [&](const Grid& changed) { return loss(changed, positions); }));
    expect_gradient(gradient.position_table,
                    slopes(positions, [&](const Grid& changed) { return loss(tokens, changed); }));
}

TEST(Embedding, ErrorsNameTheFunctionAndBothShapes) {
    EmbeddingActivations gradients;
    gradients.sum = Matrix(3, 4, 0);
    EmbeddingParameters gradient{Matrix(4, 3, 0), Matrix(5, 3, 0)};
    expect_error(
        [&] {
            embedding_backward({3, 0, 3}, gradients, gradient);
        },
        {"embedding_backward", "(3, 4)", "(3, 3)"});
}

TEST(Embedding, TheRecordKeepsItsMemory) {
    const EmbeddingParameters parameters = make_parameters();
    EmbeddingParameters gradient = parameters;
    EmbeddingActivations activations, gradients;
    gradients.sum = Matrix(3, 3, 1);
    const auto addresses = [&] {
        embedding_forward({1, 1, 3}, 0, parameters, activations);
        embedding_backward({1, 1, 3}, gradients, gradient);
        return std::vector{address(activations.tokens), address(activations.positions),
                           address(activations.sum), address(gradients.tokens),
                           address(gradients.positions)};
    };
    const auto before = addresses();
    EXPECT_EQ(addresses(), before);
}
