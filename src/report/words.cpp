#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/shown.hpp"
#include "model/reader.hpp"

namespace entente::report {

namespace {

constexpr std::string_view plain_signs = "_-+=:,./@%";

bool is_plain(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           plain_signs.find(static_cast<char>(c)) != std::string_view::npos;
}

// In the form of bash and zsh that names bytes, for what cannot be shown as it is.
std::string escaped_word(const std::string& word) {
    std::string quoted = "$'";
    for (const unsigned char c : word) {
        const bool is_itself = c >= 0x20 && c < 0x7f && c != '\'' && c != '\\';
        quoted += is_itself ? std::string(1, static_cast<char>(c)) : fmt::format("\\x{:02x}", c);
    }
    return quoted + "'";
}

std::string names_of(const model::Workspace& workspace, const std::string& word) {
    std::vector<std::string> names;
    for (const auto& data_type : workspace.data_types) names.push_back(data_type.full_name);
    return model::suggest(word, names);
}

}  // namespace

Result<DataTypeIndex> read_data_type(const model::Workspace& workspace, const std::string& name) {
    const DataTypeIndex found = workspace.find_data_type(name);
    if (found) return found;
    return fail(ErrorKind::bad_input,
                fmt::format("there is no data type '{}'; {}", name, names_of(workspace, name)),
                "SYSTEM.TYPE");
}

Result<sync::Act::Named> read_record_word(const model::Workspace& workspace,
                                          const std::string& word) {
    sync::Act::Named named;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < workspace.data_types.size(); ++i) {
        const std::string& name = workspace.data_types[i].full_name;
        const bool is_it = word.size() > name.size() && word.starts_with(name) &&
                           word[name.size()] == ':' && name.size() > longest;
        if (!is_it) continue;
        longest = name.size();
        named = {{static_cast<std::int32_t>(i)}, word.substr(name.size() + 1)};
    }
    if (longest > 0 && !named.external_id.empty()) return named;
    const std::string type = word.substr(0, word.find(':'));
    if (longest > 0 || workspace.find_data_type(type)) {
        return fail(
            ErrorKind::bad_input,
            fmt::format("which record? Its id in its system belongs behind the colon: {}:ID", type),
            word);
    }
    return fail(
        ErrorKind::bad_input,
        fmt::format("a record is written SYSTEM.TYPE:ID, and there is no data type '{}'; {}", type,
                    names_of(workspace, type)),
        word);
}

std::string record_word(const model::Workspace& workspace, DataTypeIndex data_type,
                        const std::string& external_id) {
    return fmt::format("{}:{}", workspace.data_type(data_type).full_name, external_id);
}

std::string record_word(const model::Workspace& workspace, sync::StoreReader& store,
                        RecordId record) {
    for (const auto& found : store.records(std::array{record})) {
        const auto links = store.links_of_records(std::array{record});
        const auto here = workspace.data_types_of(found.resource);
        if (!links.empty())
            return record_word(workspace, links.front().data_type, found.external_id);
        if (!here.empty()) return record_word(workspace, here.front(), found.external_id);
    }
    return {};
}

std::string subject(const model::Workspace& workspace, SystemIndex system, ResourceIndex resource) {
    if (!system) return "Entente";
    const std::string& name = workspace.system(system).name;
    return resource ? name + "." + workspace.resource(resource).name : name;
}

std::string shell_word(const std::string& word) {
    if (!word.empty() && std::ranges::all_of(word, is_plain)) return word;
    if (word != text::on_one_line(word)) return escaped_word(word);
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

std::string command_of(const Place& place, const std::string& command,
                       const std::vector<std::string>& words) {
    std::string out = fmt::format("entente {} {}", command, shell_word(place.dir));
    for (const std::string& word : words)
        out += " " + (word.starts_with("--") ? word : shell_word(word));
    if (place.simulated) out += " --simulated";
    return out;
}

}  // namespace entente::report
