insert into notice_words (notice, language, block, words)
values (:notice, :language, :block, :words)
