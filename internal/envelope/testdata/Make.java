import java.nio.file.*;
import java.security.*;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.*;
import java.util.Base64;
import javax.crypto.*;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals envelopes with the transformations that the Keycloak extension opens them
 * with: "RSA/ECB/PKCS1Padding" and plain "AES", which for javax.crypto means ECB and
 * PKCS#5 padding. Run: java Make.java key.pem accepted
 */
class Make {
    public static void main(String[] args) throws Exception {
        String pem = Files.readString(Path.of(args[0])).replaceAll("-----[^-]*-----", "").replaceAll("\\s+", "");
        KeyFactory rsa = KeyFactory.getInstance("RSA");
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) rsa.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        PublicKey pub = rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
        for (int bits : new int[] {128, 256}) {
            seal(pub, bits, "code", "a1b2c3d4-e5f6-4789-8abc-def012345678", args[1]);
            seal(pub, bits, "answer", "{\"access_token\":\"opaque-1\",\"token_type\":\"Bearer\",\"expires_in\":1800}", args[1]);
            seal(pub, bits, "person", "{\"citizenPid\":\"999090000002\",\"fullName\":\"Trần Văn Giả\",\"birthDate\":\"17/05/1990\",\"accountType\":1,\"accountLevel\":2}", args[1]);
        }
    }

    static void seal(PublicKey pub, int bits, String name, String plain, String dir) throws Exception {
        KeyGenerator gen = KeyGenerator.getInstance("AES");
        gen.init(bits);
        byte[] aes = gen.generateKey().getEncoded();
        Cipher ecb = Cipher.getInstance("AES");
        ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(aes, "AES"));
        Cipher pkcs1 = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        pkcs1.init(Cipher.ENCRYPT_MODE, pub);
        Base64.Encoder b64 = Base64.getEncoder();
        String json = String.format("{\n \"tool\": \"java Make.java (javax.crypto, JDK 17)\",\n \"kind\": \"%s\",\n \"bits\": %d,\n \"key\": \"%s\",\n \"data\": \"%s\",\n \"plain\": \"%s\"\n}",
            name.equals("code") ? "code" : "answer", bits, b64.encodeToString(pkcs1.doFinal(aes)),
            b64.encodeToString(ecb.doFinal(plain.getBytes("UTF-8"))), plain.replace("\"", "\\\""));
        Files.writeString(Path.of(dir, "java-" + name + "-" + bits + ".json"), json);
    }
}
