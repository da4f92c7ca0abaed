#include <expat.h>
#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <set>

#include "base/limits.hpp"
#include "model/metadata.hpp"

namespace entente::model {
namespace {

constexpr std::string_view unqualified(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::optional<int> number_in(std::string_view text) {
    int number = 0;
    const auto [at, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = code == std::errc() && at == text.data() + text.size() && number >= 0;
    return is_number ? std::optional(number) : std::nullopt;
}

class Attributes {
public:
    explicit Attributes(const char** pairs) : pairs_(pairs) {}

    // Empty when there is none.
    std::string_view operator[](std::string_view name) const {
        for (const char** at = pairs_; at[0] != nullptr; at += 2) {
            if (unqualified(at[0]) == name) return at[1];
        }
        return {};
    }

private:
    const char** pairs_;
};

// "Collection(NS.Address)" -> "NS.Address"; whether it was one.
bool take_collection(std::string& type) {
    constexpr std::string_view open = "Collection(";
    if (!type.starts_with(open) || !type.ends_with(')')) return false;
    type = type.substr(open.size(), type.size() - open.size() - 1);
    return true;
}

// Fills Metadata from the elements in their order.
class Builder {
public:
    void open(std::string_view element, const Attributes& attributes) {
        if (element == "Edmx") {
            is_edmx_ = true;
            made_.version = attributes["Version"];
        }
        if (element == "Schema") {
            space_ = attributes["Namespace"];
            alias_ = attributes["Alias"];
        }
        open_type(element, attributes);
        open_member(element, attributes);
        if (element == "EntitySet") open_set(attributes);
        if (element == "Annotations") annotated_ = attributes["Target"];
        if (element == "Annotation" && attributes["Term"].ends_with(".OptimisticConcurrency")) {
            versioned_.insert(annotated_.substr(annotated_.rfind('/') + 1));
        }
    }

    void close(std::string_view element) {
        if (element == "EntityType" || element == "ComplexType") type_ = nullptr;
        if (element == "EnumType") members_ = nullptr;
        if (element == "EntitySet" || element == "Annotations") annotated_.clear();
    }

    Result<Metadata> finish() && {
        if (!is_edmx_) return fail(ErrorKind::corrupt, "it is XML, but no EDMX");
        if (made_.sets.size() > limits::metadata_sets_max) {
            return fail(ErrorKind::corrupt,
                        fmt::format("it names {} entity sets; more than {} are not read",
                                    made_.sets.size(), limits::metadata_sets_max));
        }
        for (MetadataSet& set : made_.sets) set.has_version = versioned_.contains(set.name);
        return std::move(made_);
    }

private:
    // An alias stands for the name of its schema.
    std::string full(std::string_view type) const {
        const bool is_aliased = !alias_.empty() && type.starts_with(alias_) &&
                                type.substr(alias_.size()).starts_with('.');
        return is_aliased ? space_ + std::string(type.substr(alias_.size())) : std::string(type);
    }

    void open_type(std::string_view element, const Attributes& attributes) {
        const std::string name = fmt::format("{}.{}", space_, attributes["Name"]);
        if (element == "EntityType" || element == "ComplexType") {
            type_ = &made_.types[name];
            type_->base = full(attributes["BaseType"]);
        }
        if (element == "EnumType") members_ = &made_.enumerations[name];
        if (element == "Member" && members_ != nullptr) {
            members_->emplace_back(attributes["Name"]);
        }
    }

    void open_member(std::string_view element, const Attributes& attributes) {
        if (type_ == nullptr) return;
        if (element == "PropertyRef") type_->key.emplace_back(attributes["Name"]);
        if (element == "Property") {
            MetadataProperty made{.name = std::string(attributes["Name"]),
                                  .type = std::string(attributes["Type"])};
            made.is_collection = take_collection(made.type);
            made.type = full(made.type);
            made.nullable = attributes["Nullable"] != "false";
            made.max = number_in(attributes["MaxLength"]);  // "Max" is none
            made.digits = number_in(attributes["Scale"]);
            made.is_version = attributes["ConcurrencyMode"] == "Fixed";
            type_->properties.push_back(std::move(made));
        }
        if (element == "NavigationProperty") {
            MetadataNavigation made{.name = std::string(attributes["Name"]),
                                    .type = std::string(attributes["Type"])};
            made.is_collection = take_collection(made.type);
            made.type = full(made.type);
            type_->navigations.push_back(std::move(made));
        }
    }

    void open_set(const Attributes& attributes) {
        made_.sets.push_back({std::string(attributes["Name"]), full(attributes["EntityType"])});
        annotated_ = attributes["Name"];
    }

    Metadata made_;
    bool is_edmx_ = false;
    std::string space_, alias_;
    MetadataType* type_ = nullptr;
    std::vector<std::string>* members_ = nullptr;
    std::string annotated_;            // what annotations are about now
    std::set<std::string> versioned_;  // names of sets, where they are known to have a version
};

struct Parse {
    XML_Parser parser;
    Builder builder;
    bool has_document_type = false;
};

Parse& of(void* data) {
    return *static_cast<Parse*>(data);
}

void start_element(void* data, const char* name, const char** attributes) {
    of(data).builder.open(unqualified(name), Attributes(attributes));
}

void end_element(void* data, const char* name) {
    of(data).builder.close(unqualified(name));
}

void start_document_type(void* data, const char*, const char*, const char*, int) {
    of(data).has_document_type = true;
    XML_StopParser(of(data).parser, XML_FALSE);
}

}  // namespace

Result<Metadata> read_metadata(std::string_view xml) {
    if (xml.size() > limits::metadata_bytes_max) {
        return fail(ErrorKind::corrupt,
                    fmt::format("it is larger than {} MB", limits::metadata_bytes_max >> 20));
    }
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
        XML_ParserCreate(nullptr), &XML_ParserFree);
    CHECK(parser != nullptr, "there is memory for a parser");
    Parse parse{parser.get(), {}};
    XML_SetUserData(parser.get(), &parse);
    XML_SetElementHandler(parser.get(), start_element, end_element);
    XML_SetStartDoctypeDeclHandler(parser.get(), start_document_type);
    const XML_Status status =
        XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE);
    if (parse.has_document_type) {
        return fail(ErrorKind::corrupt,
                    "it declares a document type, which may hold entities that expand for ever; it "
                    "is not read");
    }
    if (status != XML_STATUS_OK) {
        return fail(ErrorKind::corrupt, fmt::format("it is no XML: {} in line {}",
                                                    XML_ErrorString(XML_GetErrorCode(parser.get())),
                                                    XML_GetCurrentLineNumber(parser.get())));
    }
    return std::move(parse.builder).finish();
}

}  // namespace entente::model
