CREATE TABLE letter (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  letter_key VARCHAR(80) NOT NULL UNIQUE,
  sender VARCHAR(60) CHARACTER SET gbk NOT NULL,
  body TEXT NOT NULL,
  received_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  INDEX letter_by_day (received_at)
) ENGINE = InnoDB;
CREATE TABLE attachment (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  letter_id BIGINT UNSIGNED NOT NULL,
  sha256 CHAR(64) CHARACTER SET ascii NOT NULL,
  size_bytes INT UNSIGNED NOT NULL,
  UNIQUE KEY once (letter_id, sha256),
  FOREIGN KEY (letter_id) REFERENCES letter (id)
) ENGINE = InnoDB;
CREATE TABLE recorded (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  letter_id BIGINT UNSIGNED NOT NULL,
  at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) ENGINE = InnoDB;
CREATE TABLE daily_count (day DATE NOT NULL PRIMARY KEY, letters INT NOT NULL) ENGINE = InnoDB;
CREATE TRIGGER letter_recorded AFTER INSERT ON letter FOR EACH ROW INSERT INTO recorded (letter_id) VALUES (NEW.id);
CREATE VIEW letter_overview AS
  SELECT l.id, l.sender, l.received_at, (SELECT COUNT(*) FROM attachment a WHERE a.letter_id = l.id) AS attachments FROM letter l;
CREATE EVENT count_letters ON SCHEDULE EVERY 5 SECOND DO
  REPLACE INTO daily_count SELECT DATE(received_at), COUNT(*) FROM letter WHERE received_at >= CURRENT_DATE GROUP BY 1;
INSERT INTO letter (letter_key, sender, body, received_at)
  SELECT CONCAT('seed-', seq), CONCAT(ELT(1 + seq % 5, '王', '李', '张', '刘', '陈'), ELT(1 + seq % 4, '伟', '敏', '洋', '静')),
         CONCAT('来信第 ', seq, ' 号，反映道路、供水等问题。'), '2024-01-02 09:00:00' + INTERVAL seq * 3 HOUR FROM seq_1_to_5000;
