#include "server/authority/issue.h"

#include <fmt/core.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdlib>

#include "common/base/status.h"

namespace twinning::server {
namespace {

constexpr int kSerialBytes = 19;  // RFC 5280: at most 20 with its sign

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeExtension {
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using NewCertificate = std::unique_ptr<X509, FreeX509>;
using NewNames = std::unique_ptr<GENERAL_NAMES, FreeNames>;

void MustBe(bool done) {
  if (!done) std::abort();  // only without memory, randomness or a whole OpenSSL
}

void SetSerial(X509* certificate) {
  unsigned char bytes[kSerialBytes];
  MustBe(RAND_bytes(bytes, kSerialBytes) == 1);
  bytes[0] = (bytes[0] & 0x7F) | 0x40;  // positive, and always as long
  BIGNUM* number = BN_bin2bn(bytes, kSerialBytes, nullptr);
  MustBe(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr);
  BN_free(number);
}

void SetName(X509_NAME* name, const std::string& common_name) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.data());
  MustBe(X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>("Twinning"), -1, -1,
                                    0) == 1 &&
         X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, bytes,
                                    static_cast<int>(common_name.size()), -1, 0) == 1);
}

void AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, FreeExtension> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  MustBe(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

bool IsDnsName(const std::string& host) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), fits);
}

void AddText(GENERAL_NAMES* names, int type, const std::string& text) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_IA5STRING* value = ASN1_IA5STRING_new();
  MustBe(name != nullptr && value != nullptr &&
         ASN1_STRING_set(value, text.data(), static_cast<int>(text.size())) == 1);
  GENERAL_NAME_set0_value(name, type, value);
  MustBe(sk_GENERAL_NAME_push(names, name) > 0);
}

absl::Status AddHost(GENERAL_NAMES* names, const std::string& host) {
  if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str())) {
    GENERAL_NAME* name = GENERAL_NAME_new();
    MustBe(name != nullptr);
    GENERAL_NAME_set0_value(name, GEN_IPADD, address);
    MustBe(sk_GENERAL_NAME_push(names, name) > 0);
    return absl::OkStatus();
  }
  if (!IsDnsName(host)) {
    return InvalidArgument(fmt::format("\"{}\" is neither a name nor an address of a host", host));
  }
  AddText(names, GEN_DNS, host);
  return absl::OkStatus();
}

absl::Status AddNames(X509* certificate, const Template& what) {
  NewNames names(GENERAL_NAMES_new());
  for (const std::string& host : what.hosts) TWINNING_RETURN_IF_ERROR(AddHost(names.get(), host));
  if (!what.uri.empty()) AddText(names.get(), GEN_URI, what.uri);
  if (sk_GENERAL_NAME_num(names.get()) == 0) return absl::OkStatus();
  MustBe(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) == 1);
  return absl::OkStatus();
}

void AddUses(X509* certificate, X509* issuer, Template::Kind kind) {
  if (kind == Template::kAuthority) {
    // One authority below it: that is how a new one is introduced by the old.
    AddExtension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE,pathlen:1");
    AddExtension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    return;
  }
  AddExtension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(certificate, issuer, NID_key_usage, "critical,digitalSignature");
  AddExtension(certificate, issuer, NID_ext_key_usage,
               kind == Template::kServer ? "serverAuth" : "clientAuth");
}

absl::StatusOr<tls::Certificate> Make(const Template& what, EVP_PKEY* subject,
                                      X509* issuer_certificate, EVP_PKEY* issuer_key) {
  NewCertificate made(X509_new());
  X509* issuer = issuer_certificate == nullptr ? made.get() : issuer_certificate;
  MustBe(made && X509_set_version(made.get(), X509_VERSION_3) == 1);
  SetSerial(made.get());
  SetName(X509_get_subject_name(made.get()), what.name);
  MustBe(X509_set_issuer_name(made.get(), X509_get_subject_name(issuer)) == 1 &&
         X509_set_pubkey(made.get(), subject) == 1);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), what.from_ms / 1000);
  ASN1_TIME_set(X509_getm_notAfter(made.get()), what.until_ms / 1000);
  AddUses(made.get(), issuer, what.kind);
  AddExtension(made.get(), issuer, NID_subject_key_identifier, "hash");
  if (issuer != made.get()) {
    AddExtension(made.get(), issuer, NID_authority_key_identifier, "keyid");
  }
  TWINNING_RETURN_IF_ERROR(AddNames(made.get(), what));
  MustBe(X509_sign(made.get(), issuer_key, EVP_sha256()) > 0);
  return tls::Certificate::Of(made.get());
}

}  // namespace

AuthorityKey AuthorityKey::Generate() {
  std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  MustBe(key != nullptr);
  return AuthorityKey(std::move(key));
}

absl::StatusOr<AuthorityKey> AuthorityKey::OfPem(const std::string& pem) {
  std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // An empty password, so that an encrypted key is an error and not a prompt.
  std::shared_ptr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>("")), EVP_PKEY_free);
  if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC) {
    return DataLoss("it holds no private key on P-256");
  }
  return AuthorityKey(std::move(key));
}

std::string AuthorityKey::pem() const {
  std::unique_ptr<BIO, FreeBio> bio(BIO_new(BIO_s_mem()));
  MustBe(PEM_write_bio_PKCS8PrivateKey(bio.get(), evp(), nullptr, nullptr, 0, nullptr, nullptr) ==
         1);
  char* data = nullptr;
  auto size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

bool AuthorityKey::Fits(const tls::Certificate& certificate) const {
  return X509_check_private_key(certificate.x509(), evp()) == 1;
}

absl::StatusOr<tls::Certificate> IssueRoot(const Template& what, const AuthorityKey& key) {
  return Make(what, key.evp(), nullptr, key.evp());
}

absl::StatusOr<tls::Certificate> Issue(const Template& what, EVP_PKEY* subject,
                                       const Issuer& issuer) {
  Template within = what;
  within.until_ms = std::min(what.until_ms, issuer.certificate.valid_until_ms());
  return Make(within, subject, issuer.certificate.x509(), issuer.key.evp());
}

absl::StatusOr<tls::Certificate> Issue(const Template& what, std::string_view ed25519_key,
                                       const Issuer& issuer) {
  std::unique_ptr<EVP_PKEY, FreeKey> subject(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(ed25519_key.data()),
      ed25519_key.size()));
  if (!subject) return InvalidArgument("a key of a wrong size");
  return Issue(what, subject.get(), issuer);
}

}  // namespace twinning::server
