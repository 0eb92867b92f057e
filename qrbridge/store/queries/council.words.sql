select distinct notice, language
from notice_words
order by notice, language
